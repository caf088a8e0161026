/**
 * What `concurrency` is worth against a vendor that takes its time: measured against the ideal, in which the first
 * page comes alone and the others in full rows.
 */
import * as Effect from "effect/Effect"
import { type ChildFailed, reader, server } from "./children.ts"
import { median } from "./measure.ts"
import { grouped, type Options, type Report } from "./report.ts"

const latencyMillis = 50
const widths = [1, 4, 8, 16]

/** Until the total is known nothing can be asked for ahead. */
const idealMillis = (pages: number, width: number): number =>
  (1 + Math.ceil((pages - 1) / width)) * latencyMillis

/** The benchmark. */
export const latency = ({ quick }: Options): Effect.Effect<Report, ChildFailed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const pages = quick ? 20 : 200
      const messages = pages * 100
      const baseUrl = yield* server
      const read = yield* reader("colloquyJit")
      yield* read({ baseUrl, messages })
      const measured: Array<{ width: number; millis: number; ideal: number }> = []
      for (const width of widths) {
        const millis: Array<number> = []
        for (let round = 0; round < (quick ? 1 : 3); round++) {
          const task = { baseUrl: `${baseUrl}/latency/${latencyMillis}`, messages, concurrency: width }
          millis.push((yield* read(task)).millis)
        }
        measured.push({ width, millis: median(millis), ideal: idealMillis(pages, width) })
      }
      return {
        what: `${pages} pages of 100 messages, each answered after ${latencyMillis} ms. Ideal: (1 + ceil((pages - 1) / width)) × ${latencyMillis} ms.`,
        table: {
          columns: ["requests in flight", "measured", "ideal", "measured / ideal"],
          rows: measured.map(({ ideal, millis, width }) => [
            String(width),
            `${grouped(millis)} ms`,
            `${grouped(ideal)} ms`,
            (millis / ideal).toFixed(2)
          ])
        },
        data: measured
      }
    })
  )
