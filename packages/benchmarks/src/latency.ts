/**
 * The gain from `concurrency` with a slow vendor, compared with the ideal (the first page alone, then full batches) and
 * with the fastest that this machine allows.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ChildFailed, type Reader, type Reading, reader, server } from "./children.ts"
import { median } from "./measure.ts"
import { grouped, type Options, type Report } from "./report.ts"

const latencyMillis = 50
const widths = [1, 4, 8, 16]
const rounds = 3

/** The floor shows the cost of timers, sockets and `JSON.parse` on this machine. */
const candidates = [
  { file: "colloquyJit", name: "Colloquy" },
  { file: "undiciAhead", name: "the floor: undici + `JSON.parse`" }
]

/** Nothing can be fetched ahead until the total is known. */
const idealMillis = (pages: number, width: number): number =>
  (1 + Math.ceil((pages - 1) / width)) * latencyMillis

/** Pages read at full speed before the measurement, so that start-up and compilation are not measured. */
const warmUpPages = 400

interface Prepared {
  readonly name: string
  readonly read: Reader
}

const prepare =
  (baseUrl: string) =>
  ({ file, name }: (typeof candidates)[number]): Effect.Effect<Prepared, ChildFailed, Scope.Scope> =>
    Effect.gen(function* () {
      const read = yield* reader(file)
      for (const concurrency of widths) yield* read({ baseUrl, messages: warmUpPages * 100, concurrency })
      return { name, read }
    })

type Measured = {
  readonly name: string
  readonly width: number
  readonly millis: number
  readonly ideal: number
  readonly cpuMillisPerPage: number
}

const measured = (
  name: string,
  pages: number,
  width: number,
  readings: ReadonlyArray<Reading>
): Measured => ({
  name,
  width,
  millis: median(readings.map(({ millis }) => millis)),
  ideal: idealMillis(pages, width),
  cpuMillisPerPage: median(readings.map(({ cpuMillis }) => cpuMillis)) / pages
})

/** The readers take turns at one width. The first round is not counted. */
const atWidth = Effect.fnUntraced(function* (
  baseUrl: string,
  readers: ReadonlyArray<Prepared>,
  pages: number,
  width: number
): Effect.fn.Return<ReadonlyArray<Measured>, ChildFailed> {
  const readings = readers.map(() => Array<Reading>())
  const task = { baseUrl: `${baseUrl}/latency/${latencyMillis}`, messages: pages * 100, concurrency: width }
  for (let round = -1; round < rounds; round++) {
    for (const [at, { read }] of readers.entries()) {
      const reading = yield* read(task)
      if (round >= 0) readings[at]?.push(reading)
    }
  }
  return readers.map(({ name }, at) => measured(name, pages, width, readings[at] ?? []))
})

/** The benchmark. */
export const latency = ({ quick }: Options): Effect.Effect<Report, ChildFailed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const pages = quick ? 40 : 200
      const baseUrl = yield* server
      const readers = yield* Effect.forEach(candidates, prepare(baseUrl))
      const results: Array<Measured> = []
      for (const width of widths) results.push(...(yield* atWidth(baseUrl, readers, pages, width)))
      return {
        what: `${pages} pages of 100 messages, each answered after ${latencyMillis} ms; medians of ${rounds} runs in processes that are warm. Ideal: (1 + ceil((pages - 1) / width)) × ${latencyMillis} ms. CPU is the reader's own process, user and system.`,
        table: {
          columns: ["requests in flight", "reader", "measured", "ideal", "measured / ideal", "CPU a page"],
          rows: results.map(({ cpuMillisPerPage, ideal, millis, name, width }) => [
            String(width),
            name,
            `${grouped(millis)} ms`,
            `${grouped(ideal)} ms`,
            (millis / ideal).toFixed(2),
            `${cpuMillisPerPage.toFixed(2)} ms`
          ])
        },
        data: results
      }
    })
  )
