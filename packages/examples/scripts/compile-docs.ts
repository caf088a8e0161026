/**
 * Compiles every TypeScript block of the documents and of the docstrings: `pnpm docs:check`.
 *
 * Each block becomes a module named after its file and line, so that the compiler's message points at it.
 */
import { execFileSync } from "node:child_process"
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"

const root = join(import.meta.dirname, "../../..")
const build = join(import.meta.dirname, "../.docs-build")

interface Block {
  readonly file: string
  readonly line: number
  readonly code: string
}

/** The blocks fenced as `ts`; `prefix` is what stands before every line of a docstring. */
const blocksIn = (file: string, prefix: RegExp): ReadonlyArray<Block> => {
  const lines = readFileSync(join(root, file), "utf8").split("\n")
  const blocks: Array<Block> = []
  let open: { line: number; code: Array<string> } | undefined
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(prefix, "")
    if (open === undefined && line.trim() === "```ts") open = { line: index + 1, code: [] }
    else if (open !== undefined && line.trim() === "```") {
      blocks.push({ file, line: open.line, code: open.code.join("\n") })
      open = undefined
    } else open?.code.push(line)
  }
  return blocks
}

const documents = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"], { cwd: root }).flatMap((file) =>
  blocksIn(file, /^(?!)/)
)
const docstrings = globSync("packages/*/src/**/*.ts", { cwd: root }).flatMap((file) =>
  blocksIn(file, /^ *\* ?/)
)
const blocks = [...documents, ...docstrings]

rmSync(build, { recursive: true, force: true })
mkdirSync(build)
for (const { code, file, line } of blocks) {
  writeFileSync(join(build, `${file.replaceAll("/", ".")}.line-${line}.ts`), `${code}\nexport {}\n`)
}
writeFileSync(
  join(build, "tsconfig.json"),
  JSON.stringify({
    extends: "../../../tsconfig.base.json",
    compilerOptions: {
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      noUnusedLocals: false,
      types: ["node"],
      typeRoots: ["../../../node_modules/@types"],
      plugins: [],
      // A block may import any package, whatever this one depends on.
      paths: Object.fromEntries(
        globSync("packages/*/package.json", { cwd: root }).flatMap((file) => {
          const { name }: { readonly name: string } = JSON.parse(readFileSync(join(root, file), "utf8"))
          const src = join(root, dirname(file), "src")
          return Object.entries({ [name]: [`${src}/index.ts`], [`${name}/*`]: [`${src}/*.ts`] })
        })
      )
    },
    include: ["*.ts"]
  })
)

const tsc = join(root, "node_modules/typescript/bin/tsc")
try {
  execFileSync(process.execPath, [tsc, "-p", build], { stdio: "inherit" })
} catch {
  process.exitCode = 1
}
process.stdout.write(
  `${blocks.length} code blocks ${process.exitCode === 1 ? "checked, with errors" : "compiled"} (${relative(root, build)})\n`
)
