/**
 * Makes a release, all but the publishing: `pnpm release`. Raises the versions as the changesets say, writes the
 * changelog, keeps the sizes, runs every check, packs, and prints the commands that are left.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { DateTime, Effect } from "effect"
import { released, summaryOf } from "./changelog.ts"
import { pack, type Tarball } from "./pack.ts"
import { manifestIn, must, root, run, say } from "./workspace.ts"

const pnpm = (...args: ReadonlyArray<string>): Promise<string> => run("npx", ["-y", "pnpm@12", ...args])

/** Raises the versions and writes the changelog. Gives the new version. */
const raise = async (today: string): Promise<string> => {
  const changesets = globSync(".changeset/*.md", { cwd: root, exclude: [".changeset/README.md"] })
  const summaries = changesets.map((file) => summaryOf(readFileSync(join(root, file), "utf8")))
  if (changesets.length > 0) await pnpm("exec", "changeset", "version")
  const { version } = manifestIn(join(root, "packages/cli"))
  const file = join(root, "CHANGELOG.md")
  const changelog = released(readFileSync(file, "utf8"), `${version} · ${today}`, summaries)
  must(changelog !== undefined, "there is nothing to release: no changeset, and nothing under Unreleased")
  writeFileSync(file, changelog)
  for (const source of ["packages/cli/src/Cli.ts", "packages/core/src/vendor/Vendor.ts"]) {
    const module = join(root, source)
    const text = readFileSync(module, "utf8")
    writeFileSync(module, text.replace(/(?<=^export const version = )".*"$/m, `"${version}"`))
  }
  await pnpm("install")
  return version
}

/** Each package after those that it depends on. */
const inOrder = (tarballs: ReadonlyArray<Tarball>): ReadonlyArray<Tarball> => {
  const names = new Set(tarballs.map(({ manifest }) => manifest.name))
  const placed = new Map<string, Tarball>()
  const place = (tarball: Tarball): void => {
    for (const other of tarballs) {
      const { name } = other.manifest
      if (name in (tarball.manifest.dependencies ?? {}) && names.has(name) && !placed.has(name)) place(other)
    }
    placed.set(tarball.manifest.name, tarball)
  }
  for (const tarball of tarballs) place(tarball)
  return [...placed.values()]
}

const whatIsLeft = (version: string, tarballs: ReadonlyArray<Tarball>): string => {
  const hasRepository = tarballs.every(({ manifest }) => "repository" in manifest)
  return [
    `Version ${version} is ready. What is left:`,
    "",
    `git commit --all --message 'Version ${version}' && git tag v${version}`,
    ...inOrder(tarballs).map(({ file }) => `npm publish ${relative(root, file)}`),
    "",
    "Publish from a CI that npm trusts: the manifests ask for provenance, and npm refuses it elsewhere.",
    ...(hasRepository
      ? []
      : ["Set `repository` in every manifest first: provenance names it, and none is set."])
  ].join("\n")
}

const status = await run("git", ["status", "--porcelain"])
must(status === "", `the work tree has changes:\n${status}`)
const version = await raise(await Effect.runPromise(Effect.map(DateTime.now, DateTime.formatIsoDateUtc)))
say(`version ${version}`)
await pnpm("format")
await pnpm("packages:check", "--write")
await pnpm("check")
say("all checks hold")
const folder = join(root, "dist/tarballs")
rmSync(folder, { recursive: true, force: true })
say(whatIsLeft(version, await pack(folder)))
