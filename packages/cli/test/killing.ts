/**
 * Kills `colloquy sync` at random moments until it has gone through, and looks at the archive after each death.
 */
import { Archive, type ArchiveError } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Corpus, Emulator, EmulatorServer, Faults, Rows } from "@colloquy/emulator"
import { assert } from "@effect/vitest"
import { Clock, Effect, Layer, Random, Redacted, Stream } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { postgres } from "./postgres.ts"
import { canary, readerOf, temporaryFolder, tokens, which } from "./support.ts"

const main = join(import.meta.dirname, "../src/main.ts")

/** Where an archive is, as the command and as the library take it. */
interface Place {
  readonly argument: string
  /** Statements that make every page's transaction slow in its middle, so that deaths fall there. */
  readonly slow: ReadonlyArray<string>
  readonly layer: Layer.Layer<Archive | SqlClient.SqlClient, ArchiveError.ArchiveError | SqlError.SqlError>
}

/** Behind a page's rows its checkpoint is updated: that takes some milliseconds longer now. */
const slowSqlite = [
  `CREATE TRIGGER slow BEFORE UPDATE ON checkpoints BEGIN
SELECT (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT count(*) FROM n);
END`
]
const slowPostgres = [
  `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.006); RETURN NEW; END $$`,
  `CREATE TRIGGER slow BEFORE UPDATE ON checkpoints FOR EACH ROW EXECUTE FUNCTION slow()`
]

/** Gives a new, empty place each time. */
type Places = Effect.Effect<Place>

const sqlitePlaces = Effect.map(temporaryFolder, (folder): Places => {
  let made = 0
  return Effect.sync(() => {
    const filename = join(folder, `${(made += 1)}.db`)
    return {
      argument: filename,
      slow: slowSqlite,
      layer: Layer.provideMerge(Archive.layer, Sqlite.layer({ filename }))
    }
  })
})

const postgresPlaces = Effect.map(postgres, ({ fresh }): Places =>
  Effect.map(fresh, (url) => ({
    argument: Redacted.value(url),
    slow: slowPostgres,
    layer: Layer.provideMerge(Archive.layer, Postgres.layer({ url, maxConnections: 1 }))
  }))
)

/** The databases to kill over. */
export const databases = { sqlite: sqlitePlaces, postgres: postgresPlaces }

/** What was done. */
export interface Tally {
  kills: number
  /** Archives that were brought to their end. */
  archives: number
}

/** Kills syncs until there were this many deaths; every archive is brought to its end and compared with the truth. */
export const killing = Effect.fnUntraced(function* (
  places: Places,
  options: { readonly kills: number; readonly seed: number; readonly faults: string }
) {
  const faults = yield* Faults.parse(options.faults)
  const tally: Tally = { kills: 0, archives: 0 }
  for (;;) {
    for (const vendor of Corpus.Vendor.literals) {
      if (tally.kills >= options.kills) return tally
      const server = EmulatorServer.layer({
        token: canary,
        seed: options.seed + tally.archives,
        conversations: 6,
        messages: 330,
        faults
      })
      yield* Effect.provide(oneArchive(yield* places, vendor, tally, options.kills), server)
    }
  }
}, Effect.scoped)

/** Kills the syncs of one archive until one goes through. */
const oneArchive = Effect.fnUntraced(function* (
  place: Place,
  vendor: Corpus.Vendor,
  tally: Tally,
  most: number
) {
  yield* Effect.scoped(Effect.provide(slowDown(place), place.layer))
  for (;;) {
    const spared = tally.kills >= most
    const code = yield* syncOnce(place, vendor, !spared)
    if (code === 0) break
    assert.isNull(code, "a sync that is killed has no exit code")
    tally.kills += 1
    yield* Effect.scoped(Effect.provide(consistent, place.layer))
  }
  tally.archives += 1
  yield* Effect.scoped(Effect.provide(equalsTruth(vendor), place.layer))
})

const slowDown = Effect.fnUntraced(function* ({ slow }: Place) {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(slow, (statement) => sql.unsafe(statement), { discard: true })
})

/** Runs a sync; kills it within a few milliseconds after it has sent a random number of requests. */
const syncOnce = Effect.fnUntraced(function* (place: Place, vendor: Corpus.Vendor, kill: boolean) {
  const { baseUrl } = yield* EmulatorServer
  const emulator = yield* Emulator
  const target = (yield* emulator.requestCount) + (yield* Random.nextIntBetween(1, 14))
  const delay = yield* Random.nextIntBetween(0, 40)
  const args = ["sync", vendor, ...which(vendor), "--archive", place.argument, "--base-url", baseUrl]
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env["PATH"], ...tokens },
    stdio: ["ignore", "ignore", "pipe"]
  })
  let stderr = ""
  child.stderr.on("data", (data) => (stderr += data))
  const closed = once(child, "close")
  const killer = Effect.gen(function* () {
    while ((yield* emulator.requestCount) < target) yield* Effect.sleep("1 millis")
    yield* Effect.sleep(delay)
    child.kill("SIGKILL")
    return yield* Effect.never
  })
  yield* Effect.raceFirst(
    Effect.promise(() => closed),
    kill ? killer : Effect.never
  )
  assert.isTrue(child.exitCode === 0 || child.signalCode === "SIGKILL", stderr)
  return child.exitCode
})

/** No checkpoint is ahead of its rows, and no row is there twice. */
const consistent = Effect.gen(function* () {
  const archive = yield* Archive
  for (const status of yield* Stream.runCollect(archive.status.conversations())) {
    const { account, conversationId, vendor } = status
    const messages = yield* Stream.runCollect(archive.messages({ vendor, account, conversationId }))
    const state = yield* archive.sessions.state({ vendor, account, id: conversationId })
    assert.strictEqual(messages.length, status.stored, `${conversationId}: stored rows`)
    assert.isAtMost(state?.checkpoint?.received ?? 0, messages.length, `${conversationId}: checkpoint`)
    assert.strictEqual(new Set(messages.map(({ id }) => id)).size, messages.length, `${conversationId}: ids`)
  }
})

/** Every conversation has exactly the messages that the vendor has, in the vendor's order and in every field. */
const equalsTruth = Effect.fnUntraced(function* (vendor: Corpus.Vendor) {
  const { emulated } = yield* Emulator
  const archive = yield* Archive
  const { messageRow } = readerOf(vendor, emulated)
  const { corpus } = emulated[vendor]
  for (const conversationId of Rows.toArray(corpus.conversationIds)) {
    const messages = yield* Stream.runCollect(archive.messages({ vendor, conversationId }))
    const truth = corpus.messages(conversationId)
    assert.deepStrictEqual(messages.map(messageRow), truth === undefined ? [] : Rows.toArray<object>(truth))
  }
  const standings = (yield* Stream.runCollect(archive.status.conversations())).map(({ standing }) => standing)
  assert.deepStrictEqual([...new Set(standings)], ["complete"])
})

/** Milliseconds that an effect takes, with its value. */
export const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const from = yield* Clock.currentTimeMillis
    const value = yield* effect
    return [value, (yield* Clock.currentTimeMillis) - from] as const
  })
