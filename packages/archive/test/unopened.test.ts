/**
 * Files that cannot be opened: the message names the file and what is in the way.
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { file } from "./databases.ts"

const cases = [
  { path: "folder", reason: "Unreachable", problem: "PATH: it is a folder, not a file" },
  { path: "no/a.db", reason: "Unreachable", problem: "PATH: the folder FOLDER/no does not exist" },
  { path: "text/a.db", reason: "Unreachable", problem: "PATH: FOLDER/text is not a folder" },
  { path: "text", reason: "Corrupt", problem: "PATH: file is not a database" }
]

describe("a file of SQLite", () => {
  it.effect.each(cases)("that cannot be opened is named with the cause: $path", ({ path, problem, reason }) =>
    Effect.gen(function* () {
      const folder = dirname(yield* file)
      mkdirSync(join(folder, "folder"))
      writeFileSync(join(folder, "text"), "this is a text, and no database\n".repeat(20))
      const filename = join(folder, path)
      for (const readOnly of [false, true]) {
        const opening = Effect.provide(
          Archive.use((archive) => archive.count()),
          Archive.over(Sqlite.layer({ filename, readOnly }), { readOnly })
        )
        const error = yield* Effect.flip(opening)
        assert.strictEqual(error.reason._tag, reason)
        const words = problem.replace("PATH", filename).replace("FOLDER", folder)
        assert.include(error.message, `(${words})`)
      }
    })
  )

  it.effect("has a name", () =>
    Effect.gen(function* () {
      const opening = Effect.provide(
        Archive.use((archive) => archive.count()),
        Archive.over(Sqlite.layer({ filename: "" }))
      )
      const error = yield* Effect.flip(opening)
      assert.strictEqual(error.reason._tag, "InvalidOption")
      assert.strictEqual(error.message, 'filename is empty; give a path, or ":memory:"')
    })
  )
})
