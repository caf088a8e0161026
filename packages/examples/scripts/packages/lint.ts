/**
 * What others' tools say of a tarball: publint of its manifest and files, attw of the types of every subpath.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import type { Tarball } from "./pack.ts"
import { attempt, must } from "./workspace.ts"

const isExcluded = (subpath: string, exports: Tarball["manifest"]["exports"]): boolean =>
  Object.entries(exports).some(
    ([key, target]) =>
      target === null && (key.endsWith("*") ? subpath.startsWith(key.slice(0, -1)) : subpath === key)
  )

/** Every subpath that a package exports, with its wildcards filled in: `.`, `./vendor`, `./http/Link`. */
export const subpathsOf = ({ files, manifest }: Tarball): ReadonlyArray<string> => {
  const subpaths = Object.entries(manifest.exports).flatMap(([key, target]) => {
    if (target === null || key === "./package.json") return []
    if (!key.endsWith("*")) return [key]
    const [before = "", after = ""] = target.slice(2).split("*")
    return files
      .filter((file) => file.startsWith(before) && file.endsWith(after))
      .map((file) => key.replace("*", file.slice(before.length, -after.length)))
  })
  return [...new Set(subpaths)].filter((subpath) => !isExcluded(subpath, manifest.exports)).sort()
}

const attw = join(import.meta.dirname, "../../node_modules/.bin/attw")

/** Fails on any message of publint, and on any subpath whose types an importer of ES modules would not find. */
export const lint = async (tarball: Tarball): Promise<void> => {
  const { file, manifest } = tarball
  const bytes = readFileSync(file)
  const tarballBytes = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball: tarballBytes }, strict: true })
  must(
    messages.length === 0,
    `publint of ${manifest.name}: ${messages.map((message) => formatMessage(message, pkg)).join("; ")}`
  )
  const args = ["--profile=esm-only", "--no-definitely-typed", "--no-color", "--no-emoji", "--format=ascii"]
  const { code, stdout } = await attempt(attw, [file, ...args, "--entrypoints", ...subpathsOf(tarball)])
  must(code === 0, `attw of ${manifest.name}:\n${stdout}`)
}
