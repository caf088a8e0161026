/**
 * From changesets to the changelog: all packages share a version, so there is one changelog.
 */

/** What a changeset says, without the versions at its head. */
export const summaryOf = (changeset: string): string => changeset.replace(/^---\n[^]*?\n?---\n/, "").trim()

const item = (summary: string): string => `- ${summary.replaceAll(/\n(?=.)/g, "\n  ")}`

/**
 * The changelog with a release at its top: what stood under "Unreleased", and the summaries of the changesets. Undefined
 * if there is nothing to release.
 */
export const released = (
  changelog: string,
  heading: string,
  summaries: ReadonlyArray<string>
): string | undefined => {
  const [head = "", rest = ""] = changelog.split("## Unreleased\n")
  const next = rest.search(/^## /m)
  const body = (next === -1 ? rest : rest.slice(0, next)).trim()
  const changes = summaries.length === 0 ? "" : `### Changes\n\n${summaries.map(item).join("\n")}`
  if (body === "" && changes === "") return undefined
  const sections = [
    "## Unreleased",
    `## ${heading}`,
    body,
    changes,
    next === -1 ? "" : rest.slice(next).trim()
  ]
  return `${head}${sections.filter((section) => section !== "").join("\n\n")}\n`
}
