/**
 * How fast the archive stores pages, compared with bare prepared inserts into the same tables, and whether memory grows
 * with the number of messages. On SQLite, and on a temporary Postgres server.
 */
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { Held } from "./archive/memory.ts"
import { Speeds } from "./archive/speed.ts"
import { printedBy } from "./readyPage.ts"
import { grouped, type Options, type Report } from "./report.ts"

const databases = [
  { database: "sqlite", title: "SQLite" },
  { database: "postgres", title: "Postgres" }
]
const scriptOf = (name: string): string => fileURLToPath(new URL(`archive/${name}.ts`, import.meta.url))
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

/** The table of speeds. */
const speed = Effect.fnUntraced(function* ({ quick }: Options): Effect.fn.Return<Report> {
  const [rounds, messages] = quick ? [5, 1_000] : [21, 5_000]
  const measured = yield* Effect.forEach(databases, ({ database, title }) =>
    Effect.map(
      printedBy(Speeds, scriptOf("speed"), {
        schemas: "compiled",
        args: [database, `${rounds}`, `${messages}`]
      }),
      (speeds) => speeds.map((each) => ({ database: title, ...each }))
    )
  )
  return {
    what: `Pages of 100 GPTBots messages, read before, ${grouped(rounds * messages)} messages for each writer, each into a database of its own with the archive's tables, indexes and triggers; a transaction for each page. The archive commits its checkpoint with it. Conversations of ${grouped(messages)} messages, the writers in turns; medians of ${rounds} rounds. CPU is that of the writing process. The aim: 0.5.`,
    table: {
      columns: [
        "database",
        "writer",
        "messages a second",
        "a page",
        "CPU a page",
        "speed, prepared row by row = 1"
      ],
      rows: measured
        .flat()
        .map(({ cpuMicros, database, micros, name, speed }) => [
          database,
          name,
          grouped(100 / (micros / 1_000_000)),
          `${grouped(micros)} µs`,
          `${grouped(cpuMicros)} µs`,
          speed.toFixed(2)
        ])
    },
    data: measured.flat()
  }
})

/** The table of memory. */
const memory = Effect.fnUntraced(function* ({ quick }: Options): Effect.fn.Return<Report> {
  const sizes = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000]
  const rows = databases.flatMap((database) => sizes.map((messages) => ({ database, messages })))
  const measured = yield* Effect.forEach(rows, ({ database: { database, title }, messages }) =>
    Effect.map(
      printedBy(Held, scriptOf("memory"), {
        schemas: "compiled",
        flags: ["--expose-gc"],
        args: [database, `${messages}`]
      }),
      (held) => ({ database: title, messages, ...held })
    )
  )
  return {
    what: "One sync of one conversation into an archive, one process for each row, warmed up with 10,000 messages. The heap is what is in use after a forced collection, with the last page committed. The aim: it grows by less than a tenth.",
    table: {
      columns: [
        "database",
        "messages",
        "heap in use at the end",
        "peak RSS",
        "messages a second, walk included"
      ],
      rows: measured.map(({ database, heapBytes, messages, millis, peakBytes }) => [
        database,
        grouped(messages),
        megabytes(heapBytes),
        megabytes(peakBytes),
        grouped((messages / millis) * 1000)
      ])
    },
    data: measured
  }
})

/** The benchmark: two tables. */
export const archive = (options: Options): Effect.Effect<ReadonlyArray<Report>> =>
  Effect.all([speed(options), memory(options)])
