/**
 * Runs every benchmark and prints its table: `pnpm bench`, or `pnpm bench <name>` for some. `--quick` uses small
 * sizes, `--json FILE` also writes the numbers to a file.
 */
import { writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { archive } from "./archive.ts"
import type { ChildFailed } from "./children.ts"
import { endpoint } from "./endpoint.ts"
import { hotpath } from "./hotpath.ts"
import { latency } from "./latency.ts"
import { memory } from "./memory.ts"
import { markdown, type Options, type Report } from "./report.ts"
import { rivals } from "./rivals.ts"
import { cpu, rounds, throughput } from "./throughput.ts"
import { tracing } from "./tracing.ts"
import { windows } from "./windows.ts"

/** The result of a benchmark. */
interface Result {
  readonly text: string
  readonly data: Schema.Json
}
type Benchmark = Effect.Effect<Result, ChildFailed>

const textOf = ({ table, what }: Report): string => `${what}\n\n${markdown(table)}`

const reported = (report: Effect.Effect<Report, ChildFailed>): Benchmark =>
  Effect.map(report, (report) => ({ text: textOf(report), data: report.data }))

/** A benchmark with several tables. */
const allReported = (reports: Effect.Effect<ReadonlyArray<Report>>): Benchmark =>
  Effect.map(reports, (reports) => ({
    text: reports.map(textOf).join("\n\n"),
    data: reports.map(({ data }) => data)
  }))

/** A benchmark that writes its tables itself. */
const written = (text: Effect.Effect<string>): Benchmark => Effect.map(text, (text) => ({ text, data: text }))

const benchmarks = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Readonly<Record<string, Benchmark>>> {
  // Two tables from the same rounds.
  const shared = yield* Effect.cached(rounds(options))
  return {
    endpoint: written(endpoint),
    hotpath: written(hotpath),
    tracing: reported(tracing(options)),
    throughput: reported(Effect.map(shared, throughput)),
    cpu: reported(Effect.map(shared, cpu)),
    latency: reported(latency(options)),
    memory: reported(memory(options)),
    archive: allReported(archive(options)),
    rivals: reported(rivals),
    windows: reported(windows(options))
  }
})

const program = Effect.gen(function* () {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" }, quick: { type: "boolean", default: false } }
  })
  const all = yield* benchmarks({ quick: values.quick })
  const unknown = positionals.filter((name) => !Object.hasOwn(all, name))
  if (unknown.length > 0) {
    return yield* Effect.die(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`)
  }
  const results: Record<string, Schema.Json> = {}
  for (const [name, run] of Object.entries(all)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const { data, text } = yield* Effect.timeout(run, "15 minutes")
    yield* Console.log(`## ${name}\n\n${text}\n`)
    results[name] = data
  }
  const { json } = values
  if (json === undefined) return
  const machine = { node: process.version, processors: availableParallelism(), quick: values.quick }
  yield* Effect.promise(() => writeFile(json, `${JSON.stringify({ machine, results }, null, 2)}\n`))
})

NodeRuntime.runMain(program)
