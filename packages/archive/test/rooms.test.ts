import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"

const source = join(import.meta.dirname, "../src")

/** The rooms, as `docs/architecture.md` lists them; files of no room are named themselves. */
const rooms = [
  "ArchiveError.ts",
  "database",
  "store",
  "reading",
  "erasing",
  "quarantine",
  "status",
  "writing",
  "Archive.ts",
  "sync",
  "index.ts"
]

const roomOf = (file: string): number => rooms.indexOf(file.split("/")[0] ?? "")

const files = globSync("**/*.ts", { cwd: source })

describe("the rooms of the archive", () => {
  it("are the folders", () => {
    assert.isAbove(files.length, 30)
    assert.deepStrictEqual(
      files.filter((file) => roomOf(file) < 0),
      []
    )
  })

  it("import only from rooms before them", () => {
    const wrong = files.flatMap((file) =>
      [...readFileSync(join(source, file), "utf8").matchAll(/^(?:\} |im|ex).*from "(\.[^"]+)"/gm)]
        .map(([, path = ""]) => relative(source, join(source, dirname(file), path)))
        .filter((target) => roomOf(target) > roomOf(file))
        .map((target) => `${file} imports ${target}`)
    )
    assert.deepStrictEqual(wrong, [])
  })
})
