/**
 * Whether this installation has one copy of Effect. `npm install -g` of several tarballs at once gives each a copy of its own,
 * and values of one copy mean nothing to another.
 */
import { createRequire } from "node:module"

/** The packages that must share the command's copy of Effect. */
export const sharing = ["@colloquy/archive", "@colloquy/core", "@colloquy/emulator", "@effect/platform-node"]

const found = (from: string, path: string): string | undefined => {
  try {
    return createRequire(from).resolve(path)
  } catch {
    return undefined
  }
}

/** Why an installation cannot be used, seen from a file of the command; undefined if it can. */
export const obstacle = (from: string, packages: ReadonlyArray<string> = sharing): string | undefined => {
  const own = found(from, "effect/package.json")
  for (const name of packages) {
    const manifest = found(from, `${name}/package.json`)
    const theirs = manifest === undefined ? undefined : found(manifest, "effect/package.json")
    if (theirs !== undefined && theirs !== own) {
      return `${name} is installed with a copy of effect of its own, ${theirs}; install all packages and effect into one folder, with one npm install`
    }
  }
  return undefined
}
