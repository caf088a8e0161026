/**
 * The links of the documents: every relative one leads to a file that exists, and to a heading that it has.
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { packages } from "./vendors.ts"

const root = join(packages, "..")

interface Link {
  readonly file: string
  readonly target: string
}

/** A document without its code, where brackets are no links. */
const proseOf = (file: string): string =>
  readFileSync(join(root, file), "utf8").replaceAll(/^ *```[^]*?^ *```$|`[^`\n]*`/gm, "")

const linksOf = (file: string): ReadonlyArray<Link> =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => ({ file, target: match[1] ?? "" }))
    .filter(({ target }) => !/^[a-z]+:/.test(target))

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (path: string): ReadonlyArray<string> =>
  [...readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-")
  )

const leadsSomewhere = ({ file, target }: Link): boolean => {
  const [path = "", anchor] = target.split("#")
  const there = path === "" ? join(root, file) : join(root, dirname(file), path)
  return existsSync(there) && (anchor === undefined || anchorsOf(there).includes(anchor))
}

describe("the documents", () => {
  const documents = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root })
  const links = documents.flatMap(linksOf)

  it("are read from a fair number of files", () => {
    assert.isAbove(documents.length, 30)
    assert.isAbove(links.length, 100)
  })

  it("have no relative link that leads nowhere", () => {
    assert.deepStrictEqual(
      links.filter((link) => !leadsSomewhere(link)),
      []
    )
  })
})
