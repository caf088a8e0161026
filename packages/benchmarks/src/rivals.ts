/**
 * How each tool reads a listing that misbehaves: the rows that it got, and how it ended.
 *
 * The server stops a walk after 200 requests.
 */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ChildFailed, server } from "./children.ts"
import { grouped, type Report } from "./report.ts"
import * as Colloquy from "./rivals/colloquy.ts"
import * as EffectStream from "./rivals/effect.ts"
import * as FetchExtras from "./rivals/fetchExtras.ts"
import * as Got from "./rivals/got.ts"
import * as Octokit from "./rivals/octokit.ts"
import * as OpenAi from "./rivals/openai.ts"
import * as Slack from "./rivals/slack.ts"
import * as Smithy from "./rivals/smithy.ts"
import type { Dialect, Ending, Tool } from "./rivals/tool.ts"
import type { Mode } from "./server/hostile.ts"

const tools: ReadonlyArray<Tool> = [
  ...Colloquy.tools,
  ...EffectStream.tools,
  ...Got.tools,
  ...FetchExtras.tools,
  ...Octokit.tools,
  ...Smithy.tools,
  ...OpenAi.tools,
  ...Slack.tools
]

const scenarios: ReadonlyArray<{ readonly mode: Mode; readonly what: string }> = [
  { mode: "clamp-page", what: "a page past the end is the last page again" },
  { mode: "ignore-page", what: "the page asked for is ignored" },
  { mode: "cycle", what: "page A, page B, page A, …" },
  { mode: "clamp-size", what: "100 rows asked, 50 served" },
  { mode: "removed", what: "a row removed after two pages" },
  { mode: "removed-total", what: "the same, and the answers have a total" },
  { mode: "fail-once", what: "the third request fails once (503)" },
  { mode: "truncate-once", what: "the third answer is cut short once" }
]

const neverPastEnd = "n/a: who is led by the server never asks for a page past the end"
const noTotal = "n/a: the answers have no total"
const led: Partial<Record<Mode, string>> = { "clamp-page": neverPastEnd, "removed-total": noTotal }

/** What cannot happen in a dialect, and why. */
const inapplicable: Partial<Record<Dialect, Partial<Record<Mode, string>>>> = {
  links: led,
  tokens: led,
  openai: led,
  slack: led
}

const Truth = Schema.fromJsonString(
  Schema.Struct({
    requests: Schema.Int,
    /** The rows that existed from the first request to the last. */
    there: Schema.Array(Schema.String),
    stopped: Schema.Boolean
  })
)

/** The result of one walk. */
type Outcome = {
  readonly how: string
  readonly caveat: string | null
  readonly emitted: number
  /** Rows that were emitted again. */
  readonly repeats: number
  /** Distinct rows among those that existed. */
  readonly got: number
  readonly there: number
  readonly requests: number
}

type Result = Outcome | { readonly inapplicable: string }

const failure = (error: unknown): Ending => {
  const text = error instanceof Error ? error.message : String(error)
  return { how: `failed: ${text.replaceAll(/https?:\/\/\S+/g, "…").slice(0, 40)}`, caveat: null }
}

/** Runs one tool against one mode. Each walk has its own count of requests. */
const walk = (baseUrl: string, tool: Tool, mode: Mode): Promise<Outcome> => {
  const run = `${baseUrl}/hostile/${mode}/${randomUUID()}`
  const seen: Array<string> = []
  return tool
    .read(`${run}/${tool.dialect}`, (id) => seen.push(id))
    .catch(failure)
    .then((ending) => judged(run, ending, seen))
}

/** A time limit, for tools that wait instead of sending requests. */
const bounded = (baseUrl: string, tool: Tool, mode: Mode): Effect.Effect<Outcome, ChildFailed> => {
  const failed = (problem: string) => new ChildFailed({ problem: `${tool.name}, ${mode}: ${problem}` })
  return Effect.tryPromise({
    try: () => walk(baseUrl, tool, mode),
    catch: (error) => failed(String(error))
  }).pipe(
    Effect.timeoutOrElse({
      duration: "1 minute",
      orElse: () => Effect.fail(failed("not done after a minute"))
    })
  )
}

const judged = async (run: string, ending: Ending, seen: ReadonlyArray<string>): Promise<Outcome> => {
  // @effect-diagnostics-next-line globalFetch:off -- beside the tools, of which most are not Effect's
  const answer = await fetch(`${run}/truth`)
  const { requests, stopped, there } = Schema.decodeSync(Truth)(await answer.text())
  const distinct = new Set(seen)
  return {
    ...(stopped ? { how: "stopped by our bound", caveat: null } : ending),
    emitted: seen.length,
    repeats: seen.length - distinct.size,
    got: there.filter((id) => distinct.has(id)).length,
    there: there.length,
    requests
  }
}

const cell = ({ caveat, emitted, got, how, repeats, requests, there }: Outcome): string => {
  const perfect = how === "ended" && got === there && repeats === 0
  const rows = perfect ? "complete" : `${got} of ${there} rows`
  const again = repeats === 0 ? "" : `, ${grouped(emitted)} emitted`
  const note = caveat === null ? "" : `; ${caveat}`
  return `${how}, ${rows}${again} (${requests} ${requests === 1 ? "request" : "requests"})${note}`
}

const resultOf = (baseUrl: string, tool: Tool, mode: Mode): Effect.Effect<Result, ChildFailed> => {
  const why = inapplicable[tool.dialect]?.[mode]
  return why === undefined ? bounded(baseUrl, tool, mode) : Effect.succeed({ inapplicable: why })
}

/** The benchmark. */
export const rivals: Effect.Effect<Report, ChildFailed> = Effect.scoped(
  Effect.gen(function* () {
    const baseUrl = yield* server
    const data: Array<{ tool: string; usage: string; mode: Mode } & Result> = []
    const rows: Array<ReadonlyArray<string>> = []
    for (const tool of tools) {
      const cells = yield* Effect.forEach(scenarios, ({ mode }) =>
        Effect.map(resultOf(baseUrl, tool, mode), (outcome) => {
          data.push({ tool: tool.name, usage: tool.usage, mode, ...outcome })
          return "inapplicable" in outcome ? outcome.inapplicable : cell(outcome)
        })
      )
      rows.push([`${tool.name}: ${tool.usage}`, ...cells])
    }
    return {
      what: "A listing of 300 rows that misbehaves, read 100 rows a page; every walk is stopped after 200 requests.",
      table: { columns: ["tool and usage", ...scenarios.map(({ what }) => what)], rows },
      data
    }
  })
)
