/**
 * What a sync holds in memory, in a process of its own: `node --expose-gc memory.ts sqlite|postgres MESSAGES`. A short
 * conversation is synced first, to warm up, and then the one that counts.
 */
import { Archive, Sync } from "@colloquy/archive"
import { Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Databases from "./databases.ts"
import { layer } from "./history.ts"

/** What the process prints. */
export const Held = Schema.fromJsonString(
  Schema.Struct({
    /** In use with the last page committed, after a collection. */
    heapBytes: Schema.Finite,
    /** The process's peak. */
    peakBytes: Schema.Finite,
    millis: Schema.Finite
  })
)

const warmUp = 10_000

const sync = Effect.fnUntraced(function* (conversation: string, messages: number) {
  let received = 0
  let heapBytes = 0
  const onEvent = (event: Sync.Event) =>
    Effect.sync(() => {
      if (event._tag !== "Page") return
      received += event.received
      if (received < messages || heapBytes > 0 || globalThis.gc === undefined) return
      // With its last page in hand the sync still holds whatever it holds.
      globalThis.gc()
      heapBytes = process.memoryUsage().heapUsed
    })
  const { added, millis } = yield* Sync.sync(yield* Source, { conversations: [conversation], onEvent })
  if (added !== messages) return yield* Effect.die(`${added} of ${messages} messages were added`)
  return { heapBytes, millis, peakBytes: process.resourceUsage().maxRSS * 1024 }
})

const program = Effect.fnUntraced(function* (database: string, messages: number) {
  const make = yield* database === "postgres" ? Databases.postgres : Databases.sqlite
  const { layer: sql } = yield* make("history")
  yield* Effect.gen(function* () {
    yield* sync(`${warmUp}-0`, warmUp)
    yield* Console.log(yield* Schema.encodeEffect(Held)(yield* sync(`${messages}-1`, messages)))
  }).pipe(Effect.provide(Layer.provide(Archive.layer, sql)))
}, Effect.scoped)

if (import.meta.main) {
  const [database = "", messages] = process.argv.slice(2)
  NodeRuntime.runMain(Effect.provide(program(database, Number(messages)), layer))
}
