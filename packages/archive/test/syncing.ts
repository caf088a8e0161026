/**
 * A sync from a vendor in memory, what it cost, and what the archive has then.
 */
import { Archive, type ArchiveError, Sync } from "@colloquy/archive"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import type { Message } from "@colloquy/core"
import { assert } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"

/** A sync, a minute after whatever was before. */
export const sync = (vendor: Vendor.SimulatedVendor, options: Sync.Options = {}) =>
  Effect.andThen(
    TestClock.adjust("1 minute"),
    Effect.flatMap(Vendor.service(vendor), (source) => Sync.sync(source, options))
  )

/** A sync's report, and how many requests for messages it made. */
export const costOf = Effect.fnUntraced(function* (
  vendor: Vendor.SimulatedVendor,
  options: Sync.Options = {}
) {
  const before = vendor.asked
  const report = yield* sync(vendor, options)
  return { report, asked: vendor.asked - before }
})

/** The live messages of a conversation. */
export const live = (
  conversationId: string
): Effect.Effect<ReadonlyArray<Message>, ArchiveError.ArchiveError, Archive> =>
  Effect.flatMap(Archive, (archive) => Stream.runCollect(archive.messages({ conversationId })))

/** For failures that can be read. */
const short = ({ id, text }: Message): string => `${id} ${text}`

const byId = (a: Message, b: Message) => (a.id < b.id ? -1 : 1)

/** That the archive has every conversation just as the vendor has it now. */
export const assertTrue = Effect.fnUntraced(function* (vendor: Vendor.SimulatedVendor) {
  for (const id of vendor.conversations.keys()) {
    const stored = yield* live(id)
    assert.deepStrictEqual(stored.map(short).sort(), Vendor.truth(vendor, id).map(short).sort())
    assert.deepStrictEqual([...stored].sort(byId), [...Vendor.truth(vendor, id)].sort(byId))
  }
})

/** The same, in the listing's order too. */
export const assertInOrder = Effect.fnUntraced(function* (vendor: Vendor.SimulatedVendor) {
  for (const id of vendor.conversations.keys())
    assert.deepStrictEqual(yield* live(id), Vendor.truth(vendor, id))
})

/** The standings of all conversations, by id. */
export const standings = Effect.map(
  Effect.flatMap(Archive, (archive) => Stream.runCollect(archive.status.conversations())),
  (all) => Object.fromEntries(all.map(({ conversationId, standing }) => [conversationId, standing]))
)

const tables =
  "settings accounts lists listed conversations messages revisions checkpoints quarantine runs forgotten withheld redacted history"

/** Every text of every table. */
export const everything = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* Effect.forEach(tables.split(" "), (table) => sql`SELECT * FROM ${sql(table)}`)
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))
})

/** Breaks a sync off when it comes to a conversation. */
export const breakOffAt = Effect.fnUntraced(function* (
  vendor: Vendor.SimulatedVendor,
  id: string,
  full = false
) {
  const reached = yield* Deferred.make<void>()
  vendor.before = ({ conversationId }) =>
    conversationId === id
      ? Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
      : TestClock.adjust("1 milli")
  const fiber = yield* Effect.forkChild(sync(vendor, { parallel: 1, full }))
  yield* Deferred.await(reached)
  yield* Fiber.interrupt(fiber)
  vendor.before = () => Effect.void
})
