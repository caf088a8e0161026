/**
 * Times the writers on one database, in a process of its own: `node speed.ts sqlite|postgres ROUNDS MESSAGES`. In each
 * round every writer writes the same conversation, whose pages were read before; every other round goes backwards.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { median, pairedRatio } from "../measure.ts"
import * as Databases from "./databases.ts"
import { layer, pages, pageSize } from "./history.ts"
import { archive, barePostgres, bareSqlite, type Pages, type Writer } from "./writers.ts"

/** What one writer took for a page of 100 messages, in the median round. */
const Speed = Schema.Struct({
  name: Schema.String,
  micros: Schema.Finite,
  /** Of this process, user and system; what a server takes is not in it. */
  cpuMicros: Schema.Finite,
  /** Its speed to that of the prepared inserts row by row: median of the rounds' own ratios. */
  speed: Schema.Finite
})

/** What the process prints. */
export const Speeds = Schema.fromJsonString(Schema.Array(Speed))

interface Entry {
  readonly name: string
  readonly writer: Writer
  readonly micros: Array<number>
  readonly cpuMicros: Array<number>
}

const entry = (name: string, writer: Effect.Effect<Writer, never, Scope.Scope>) =>
  Effect.map(writer, (writer): Entry => ({ name, writer, micros: [], cpuMicros: [] }))

/** The first is what the others are compared with. */
const entriesOf: Readonly<Record<string, Effect.Effect<ReadonlyArray<Entry>, never, Scope.Scope>>> = {
  sqlite: Effect.gen(function* () {
    const make = yield* Databases.sqlite
    return [
      yield* entry("`node:sqlite`, prepared, row by row", bareSqlite(yield* make("bare"))),
      yield* entry("the archive", archive(yield* make("archive")))
    ]
  }),
  postgres: Effect.gen(function* () {
    const make = yield* Databases.postgres
    return [
      yield* entry("`@effect/sql-pg`, prepared, row by row", barePostgres(yield* make("rows"), 1)),
      yield* entry("the archive", archive(yield* make("archive"))),
      yield* entry("`@effect/sql-pg`, prepared, a page at once", barePostgres(yield* make("pages"), pageSize))
    ]
  })
}

const time = Effect.fnUntraced(function* (
  { cpuMicros, micros, writer }: Entry,
  conversation: string,
  pages: Pages,
  counts: boolean
) {
  const cpu = process.cpuUsage()
  const start = yield* Clock.currentTimeNanos
  yield* writer.write(conversation, pages)
  const nanos = Number((yield* Clock.currentTimeNanos) - start)
  const { system, user } = process.cpuUsage(cpu)
  if (!counts) return
  micros.push(nanos / 1000 / pages.length)
  cpuMicros.push((system + user) / pages.length)
})

const program = Effect.fnUntraced(
  function* (database: string, rounds: number, messages: number) {
    const entries = yield* entriesOf[database] ?? Effect.die(`no database ${database}`)
    for (let round = -2; round < rounds; round++) {
      const conversation = `${messages}-${round + 2}`
      const read = (yield* pages(conversation)).filter(({ items }) => items.length > 0)
      for (const each of round % 2 === 0 ? entries : entries.toReversed()) {
        yield* time(each, conversation, read, round >= 0)
      }
    }
    for (const { name, writer } of entries) {
      const there = yield* writer.count
      if (there !== (rounds + 2) * messages) return yield* Effect.die(`${name} has written ${there} messages`)
    }
    const base = entries[0]?.micros ?? []
    const speeds = entries.map(({ cpuMicros, micros, name }) => ({
      name,
      micros: median(micros),
      cpuMicros: median(cpuMicros),
      speed: 1 / pairedRatio(micros, base)
    }))
    yield* Console.log(yield* Schema.encodeEffect(Speeds)(speeds))
  },
  Effect.scoped,
  Effect.provide(layer)
)

if (import.meta.main) {
  const [database = "", rounds, messages] = process.argv.slice(2)
  NodeRuntime.runMain(program(database, Number(rounds), Number(messages)))
}
