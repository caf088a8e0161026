/**
 * What `pnpm live` knows of a real server: what it needs, and how it is installed.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, join } from "node:path"

/** Something that must be there before a server can be installed. */
export interface Need {
  /** In words, such as `the command debootstrap`. */
  readonly what: string
  readonly isMet: () => boolean
}

/** A server that can be installed here. */
export interface Server {
  /** The name of its folder in `servers`, and of its test. */
  readonly name: string
  /** Its own name with its version, such as `Mastra 1.71.0`. */
  readonly title: string
  /** What installing costs, in words: `60 MB of packages`. */
  readonly costs: string
  readonly needs: ReadonlyArray<Need>
  /** Installs it into its folder, or does nothing if it is there. Its output goes to stderr. */
  readonly install: () => Promise<void>
}

/** A server that is too large for the repository. */
export interface CachedServer extends Server {
  /** Where it is installed. */
  readonly folder: string
}

/** The folder of a server, outside the workspace: its manifest, its lockfile, its program, and what is installed. */
export const folderOf = (name: string): string => join(import.meta.dirname, "../servers", name)

/**
 * The folder of a server that is too large for the repository: below `COLLOQUY_LIVE_CACHE`, or else below `colloquy-live` in the
 * user's cache.
 */
export const cacheOf = (name: string): string => {
  const { COLLOQUY_LIVE_CACHE, XDG_CACHE_HOME } = process.env
  const cache = XDG_CACHE_HOME || join(homedir(), ".cache")
  return join(COLLOQUY_LIVE_CACHE || join(cache, "colloquy-live"), name)
}

/** A command of the system. */
export const command = (name: string): Need => ({
  what: `the command ${name}`,
  isMet: () => {
    const { PATH = "" } = process.env
    return PATH.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, name)))
  }
})

/** The rights of root. */
export const isRoot: Need = { what: "the rights of root", isMet: () => process.getuid?.() === 0 }

/** The version of a package in a server's manifest, where all versions are exact. */
export const versionOf = (name: string, dependency: string): string => {
  const manifest: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(folderOf(name), "package.json"), "utf8")
  )
  return manifest.dependencies[dependency] ?? "of an unknown version"
}

/** Runs a command of an installation, with its output on stderr. Rejects if it fails. */
export const run = async (folder: string, command: string, ...args: ReadonlyArray<string>): Promise<void> => {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", process.stderr, process.stderr] })
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code} in ${folder}`)
}

/** Installs what the lockfile in a server's folder says. The folder is a workspace of its own. */
export const fromLockfile = (name: string) => (): Promise<void> =>
  run(folderOf(name), "npx", "-y", "pnpm@12", "install", "--frozen-lockfile", "--reporter=append-only")
