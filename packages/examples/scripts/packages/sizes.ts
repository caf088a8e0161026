/**
 * The sizes of the tarballs and of a bundle for browsers, kept in `sizes.json` so that growth shows in a diff.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import type { Tarball } from "./pack.ts"
import { must } from "./workspace.ts"

/** Numbers of bytes. */
export interface Sizes {
  readonly tarballs: Readonly<Record<string, number>>
  /** Core and one vendor with all of Effect that they need: minified, and then packed; and our part of it, minified. */
  readonly browser: { readonly minified: number; readonly gzip: number; readonly ours: number }
}

/** How much a size may differ from the one that is kept. */
const tolerance = 0.05

const file = join(import.meta.dirname, "sizes.json")

/** Bundles core and one vendor for a browser. An import of Node fails, as nothing in a browser answers it. */
export const bundle = async (folder: string): Promise<{ script: string; sizes: Sizes["browser"] }> => {
  const { metafile, outputFiles } = await build({
    entryPoints: ["src/browser.ts"],
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    globalName: "program",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "silent"
  })
  const [output] = Object.values(metafile.outputs)
  const [script] = outputFiles
  must(output !== undefined && script !== undefined, "esbuild made no bundle")
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
  const ofNode = imports.filter(({ path }) => path.startsWith("node:"))
  must(ofNode.length === 0, `the bundle imports ${ofNode.map(({ path }) => path).join(", ")}`)
  const ours = Object.entries(output.inputs)
    .filter(([path]) => path.includes("node_modules/@colloquy/"))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0)
  return {
    script: script.text,
    sizes: { minified: script.contents.length, gzip: gzipSync(script.contents, { level: 9 }).length, ours }
  }
}

export const sizesOf = (tarballs: ReadonlyArray<Tarball>, browser: Sizes["browser"]): Sizes => ({
  tarballs: Object.fromEntries(tarballs.map(({ bytes, manifest }) => [manifest.name, bytes])),
  browser
})

export const write = (sizes: Sizes): void => writeFileSync(file, `${JSON.stringify(sizes, null, 2)}\n`)

const flat = ({ browser, tarballs }: Sizes): Readonly<Record<string, number>> => ({
  ...tarballs,
  ...Object.fromEntries(Object.entries(browser).map(([name, bytes]) => [`browser, ${name}`, bytes]))
})

/** Which sizes are not the kept ones, within the tolerance. */
export const differences = (sizes: Sizes): ReadonlyArray<string> => {
  const kept = flat(JSON.parse(readFileSync(file, "utf8")))
  const now = flat(sizes)
  return [...new Set([...Object.keys(kept), ...Object.keys(now)])].flatMap((name) => {
    const [before, after] = [kept[name] ?? 0, now[name] ?? 0]
    const isClose = Math.abs(after - before) <= tolerance * before
    return isClose ? [] : [`${name}: ${before} bytes in sizes.json, ${after} now`]
  })
}
