/**
 * Whether memory grows with the conversation: peak resident size, and the heap in use at the last message.
 */
import * as Effect from "effect/Effect"
import { type ChildFailed, type Reading, reader, server } from "./children.ts"
import { grouped, type Options, type Report } from "./report.ts"

const readers = [
  { file: "colloquyJit", name: "Colloquy" },
  { file: "undiciLoop", name: "undici loop + `JSON.parse`" }
]
const warmUp = 10_000
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

/** One process reads twice: a short conversation to warm up, then the measured one. */
const read = (file: string, messages: number): Effect.Effect<Reading, ChildFailed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const baseUrl = yield* server
      const read = yield* reader(file, ["--expose-gc"])
      yield* read({ baseUrl, messages: warmUp })
      return yield* read({ baseUrl, messages })
    })
  )

/** The benchmark. */
export const memory = ({ quick }: Options): Effect.Effect<Report, ChildFailed> =>
  Effect.gen(function* () {
    const sizes = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000]
    const measured: Array<{ name: string; messages: number; peakBytes: number; heapBytes: number }> = []
    for (const { file, name } of readers) {
      for (const messages of sizes) {
        const { heapBytes, peakBytes } = yield* read(file, messages)
        measured.push({ name, messages, peakBytes, heapBytes })
      }
    }
    return {
      what: `One process for each row, warmed up with ${grouped(warmUp)} messages. The heap is what is in use after a forced collection, with the last message in hand.`,
      table: {
        columns: ["reader", "messages", "peak RSS", "heap in use at the end"],
        rows: measured.map(({ heapBytes, messages, name, peakBytes }) => [
          name,
          grouped(messages),
          megabytes(peakBytes),
          megabytes(heapBytes)
        ])
      },
      data: measured
    }
  })
