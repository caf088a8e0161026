/**
 * Archives that are only read: nothing is written, whatever they are, and rights to write are not needed.
 */
import { Archive, type ArchiveError, Sync } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { inject } from "vitest"
import { type Client, databases, file, open, schemaUrl } from "./databases.ts"
import { sync } from "./syncing.ts"

const toRead = (client: Client) => Layer.build(Layer.fresh(Archive.over(client, { readOnly: true })))

const reasonOf = <A, R>(effect: Effect.Effect<A, ArchiveError.ArchiveError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

const vendorOf = () => {
  const vendor = Vendor.make()
  Vendor.say(vendor, "a", 5)
  Vendor.say(vendor, "b", 1, { bad: true })
  return vendor
}

/** Everything that only reads. */
const reads = Effect.gen(function* () {
  const archive = yield* Archive
  const planned = yield* Stream.runCollect(Sync.plan(yield* Vendor.service(vendorOf())))
  const records = yield* Stream.runCollect(archive.quarantine.records())
  return {
    status: (yield* Stream.runCollect(archive.status.conversations())).length,
    planned: planned.length,
    records: records.length,
    count: yield* archive.count(),
    messages: (yield* Stream.runCollect(archive.messages())).length
  }
})

const expected = { status: 2, planned: 2, records: 1, count: 2, messages: 5 }

/** Puts the archive back to the version before. */
const older = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DELETE FROM colloquy_migrations WHERE migration_id > 1`
})

describe.each(databases)("an archive in $name that is only read", (database) => {
  it.effect("is read as ever, beside one who writes", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const opened = yield* open(client)
      yield* Effect.provide(sync(vendorOf()), opened)
      assert.deepStrictEqual(yield* Effect.provide(reads, yield* toRead(client)), expected)
    })
  )

  it.effect("of an older version is refused, and stays as it is", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const opened = yield* open(client)
      yield* Effect.provide(older, opened)
      const reason = yield* reasonOf(toRead(client))
      assert.strictEqual(reason._tag, "OlderVersion")
      assert.include(reason.message, "version 1")
      assert.include(reason.message, "sync")
      const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
      assert.strictEqual((yield* sql`SELECT * FROM colloquy_migrations`).length, 1)
    })
  )

  it.effect("that is none is Corrupt, and none is made", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      yield* Effect.scoped(Layer.build(Layer.fresh(client)))
      const reason = yield* reasonOf(toRead(client))
      assert.include(["Corrupt", "Unreachable"], reason._tag)
    })
  )
})

describe("a file of SQLite", () => {
  const bytes = (filename: string) => ({
    names: readdirSync(dirname(filename)),
    content: readFileSync(filename).toString("base64")
  })

  it.effect("that is the database of something else stays byte for byte as it is", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename })
      yield* SqlClient.SqlClient.use((sql) => sql`CREATE TABLE songs (title TEXT)`).pipe(
        Effect.provide(client)
      )
      const before = bytes(filename)
      assert.strictEqual((yield* reasonOf(Effect.scoped(open(client))))._tag, "Corrupt")
      assert.strictEqual((yield* reasonOf(Effect.scoped(toRead(client))))._tag, "Corrupt")
      assert.deepStrictEqual(bytes(filename), before)
    })
  )

  it.effect("that is only read has nothing beside it afterwards, and cannot be written", () =>
    Effect.gen(function* () {
      const filename = yield* file
      yield* Effect.scoped(
        Effect.flatMap(open(Sqlite.layer({ filename })), (opened) => Effect.provide(sync(vendorOf()), opened))
      )
      const before = bytes(filename)
      const client = Sqlite.layer({ filename, readOnly: true })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const archive = yield* toRead(client)
          assert.deepStrictEqual(yield* Effect.provide(reads, archive), expected)
          const { quarantine } = yield* Effect.provide(Archive, archive)
          const [record] = yield* Stream.runCollect(quarantine.records())
          assert.strictEqual((yield* reasonOf(quarantine.discard(record?.id ?? "")))._tag, "Unreachable")
        })
      )
      assert.deepStrictEqual(bytes(filename), before)
    })
  )

  it.effect("that is not there is not made by reading it", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename, readOnly: true })
      assert.strictEqual((yield* reasonOf(toRead(client)))._tag, "Unreachable")
      assert.deepStrictEqual(readdirSync(dirname(filename)), [])
    })
  )
})

describe("a role of Postgres that may only select", () => {
  it.live("is enough to read", () =>
    Effect.gen(function* () {
      const url = yield* schemaUrl(inject("postgres").url)
      const client = Postgres.layer({ url: Redacted.make(url) })
      const opened = yield* open(client)
      yield* Sync.sync(yield* Vendor.service(vendorOf())).pipe(Effect.provide(opened))
      const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
      const schema = new URL(url).searchParams.get("options")?.split("=").at(-1) ?? ""
      yield* sql.unsafe("CREATE ROLE analyst LOGIN PASSWORD 'only-reads'")
      yield* sql.unsafe(`GRANT USAGE ON SCHEMA ${schema} TO analyst`)
      yield* sql.unsafe(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO analyst`)
      const theirs = url.replace(/\/\/[^@]+@/, "//analyst:only-reads@")
      const archive = yield* toRead(Postgres.layer({ url: Redacted.make(theirs) }))
      assert.deepStrictEqual(yield* Effect.provide(reads, archive), expected)
      yield* sql.unsafe("DROP OWNED BY analyst")
      yield* sql.unsafe("DROP ROLE analyst")
    })
  )
})
