/**
 * The cost of tracing on the hot path: the same read without a tracer (Effect's default makes spans and drops them),
 * with a tracer that keeps what an exporter would, with one that keeps whole spans, and with tracing off.
 *
 * Measured in one process without a transport, where the share is largest, and over a socket.
 */
import { Page } from "@colloquy/core"
import { Codecs, Gptbots } from "@colloquy/gptbots"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type ChildFailed, reader, server } from "./children.ts"
import { collecting } from "./collectingTracer.ts"
import { compare, median, pairedRatio, type Timing } from "./measure.ts"
import { http, inProcess, options, place, Timings } from "./readyPage.ts"
import type { Options, Report } from "./report.ts"

const names = {
  none: "no tracer provided",
  records: "a tracer that keeps what an exporter would",
  spans: "a tracer that keeps the spans, and so the pages",
  off: "tracing off"
}

// ---------------------------------------------------------------------------------------------------------------
// In one process
// ---------------------------------------------------------------------------------------------------------------

const measured = Effect.fnUntraced(function* (quick: boolean) {
  const gptbots = yield* Gptbots.make(options)
  const read = gptbots.messages.pages({ conversationId: place.conversationId }).pipe(
    Stream.map((page) => Page.map(page, (wire, index) => Codecs.messages.decode(wire, { ...place, index }))),
    Stream.runDrain,
    Effect.orDie
  )
  const { spans, tracer } = collecting("records")
  const candidates = [
    { name: names.none, run: read },
    { name: names.records, run: Effect.withTracer(read, tracer) },
    { name: names.spans, run: Effect.withTracer(read, collecting("spans").tracer) },
    { name: names.off, run: Effect.withTracerEnabled(read, false) }
  ]
  const rounds = quick ? 40 : 200
  const times = 25
  const timings = yield* compare(candidates, { rounds, times, counted: "cpu" })
  if (spans() < rounds * times)
    return yield* Effect.die("the tracer saw fewer spans than there were requests")
  return timings
})

/** The measurement in the process that `inProcess` starts. */
const program = (quick: boolean) =>
  measured(quick).pipe(
    Effect.provideService(HttpClient.HttpClient, http),
    Effect.flatMap(Schema.encodeEffect(Timings)),
    Effect.flatMap((json) => Console.log(json))
  )

// ---------------------------------------------------------------------------------------------------------------
// Over a socket
// ---------------------------------------------------------------------------------------------------------------

const overSocket = Effect.fnUntraced(function* (
  quick: boolean
): Effect.fn.Return<ReadonlyArray<Timing>, ChildFailed, Scope.Scope> {
  const pages = quick ? 50 : 200
  const task = { messages: pages * 100, baseUrl: yield* server }
  const readers = yield* Effect.forEach(
    [
      { name: names.none, file: "colloquyJit" },
      { name: names.records, file: "colloquyTraced" },
      { name: names.spans, file: "colloquyTracedWhole" }
    ],
    ({ file, name }) => Effect.map(reader(file), (read) => ({ name, read, samples: Array<number>() }))
  )
  for (let round = -2; round < (quick ? 15 : 31); round++) {
    for (const { read, samples } of round % 2 === 0 ? readers : readers.toReversed()) {
      const { cpuMillis } = yield* read(task)
      if (round >= 0) samples.push((cpuMillis * 1000) / pages)
    }
  }
  const base = readers[0]?.samples ?? []
  return readers.map(({ name, samples }) => ({
    name,
    micros: median(samples),
    ratio: median(samples) / median(base),
    paired: pairedRatio(samples, base)
  }))
}, Effect.scoped)

// ---------------------------------------------------------------------------------------------------------------
// The table
// ---------------------------------------------------------------------------------------------------------------

const row =
  (where: string) =>
  ({ micros, name, paired }: Timing): ReadonlyArray<string> => [
    where,
    name,
    `${micros.toFixed(0)} µs`,
    paired.toFixed(2)
  ]

const plain = ({ micros, name, paired, ratio }: Timing) => ({ name, micros, ratio, paired })

/** The benchmark. */
export const tracing = ({ quick }: Options): Effect.Effect<Report, ChildFailed> =>
  Effect.gen(function* () {
    const hot = yield* inProcess(import.meta.filename, "compiled", quick ? ["quick"] : [])
    const socket = yield* overSocket(quick)
    return {
      what: "A page of 100 GPTBots messages read into canonical ones, schemas compiled; the readings take turns. CPU time, of which other jobs take nothing: the median of the rounds, and the median of the ratios within a round. The aim: less than 1.10 with a tracer.",
      table: {
        columns: ["where", "tracer", "CPU a page", "to no tracer"],
        rows: [...hot.map(row("in one process")), ...socket.map(row("over a socket"))]
      },
      data: { hot: hot.map(plain), socket: socket.map(plain) }
    }
  })

if (import.meta.main) NodeRuntime.runMain(program(process.argv[2] === "quick"))
