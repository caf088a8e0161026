/**
 * Whether this runtime can run the command. The entry point asks before it loads anything else, so this module has no
 * imports and only syntax that old versions of Node can read.
 */

/** The oldest Node that runs the command, as in `engines` of the package. */
export const oldest = { major: 22, minor: 19 }

const needs = `colloquy needs Node ${oldest.major}.${oldest.minor} or later`

/**
 * Why the command cannot run, or undefined if it can. Takes `process.versions`: Bun and Deno name themselves there, beside
 * the Node that they imitate.
 */
export const obstacle = (versions: Readonly<Record<string, string | undefined>>): string | undefined => {
  if (versions["bun"] !== undefined) return `${needs}; this is Bun ${versions["bun"]}. Run it with node`
  if (versions["deno"] !== undefined) return `${needs}; this is Deno ${versions["deno"]}. Run it with node`
  const [major = 0, minor = 0] = String(versions["node"]).split(".").map(Number)
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined
  return `${needs}; this is Node ${versions["node"]}. Install Node 24 and try again`
}
