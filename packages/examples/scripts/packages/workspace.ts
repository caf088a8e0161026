/**
 * The packages that are published, and how the scripts of this folder run other programs.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"

export const root = join(import.meta.dirname, "../../../..")

/** What these scripts read of a manifest. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | null>>
  readonly dependencies?: Readonly<Record<string, string>>
}

export const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** The folders of the published packages. */
export const published: ReadonlyArray<string> = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((folder) => manifestIn(folder).private !== true)

export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** What a program printed, and its exit code. */
export interface Printed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

// The Node that runs this script also runs npm, npx and the command.
const inherited = { ...process.env }
const environment = { ...inherited, PATH: [dirname(process.execPath), inherited["PATH"]].join(delimiter) }

/** Runs a program for at most three minutes. */
export const attempt = (
  program: string,
  args: ReadonlyArray<string>,
  { cwd = root, env = {} }: RunOptions = {}
): Promise<Printed> =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...environment, ...env }, timeout: 180_000, maxBuffer: 1 << 28 }
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr })
    )
  })

/** Runs a program that must end with 0, and gives what it printed on stdout. */
export const run = async (
  program: string,
  args: ReadonlyArray<string>,
  options: RunOptions = {}
): Promise<string> => {
  const { code, stderr, stdout } = await attempt(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`)
  return stdout
}

/** Fails the script with this message unless the condition holds. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Runs with an empty folder outside the workspace, and removes it. */
export const withFolder = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "colloquy-packages-"))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
