import { Archive } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { execFile } from "node:child_process"
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { inject } from "vitest"
import { databases, file, open, schema, unopened } from "./databases.ts"
import * as Pages from "./pages.ts"
import * as Server from "@colloquy/postgres-server"
import { assertTrue, live, standings, sync } from "./syncing.ts"

const reasonOf = <A, E extends { readonly reason: { readonly _tag: string } }, R>(
  effect: Effect.Effect<A, E, R>
) => Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)

const vendorOf = (count = 200) => {
  const vendor = Vendor.make({ size: 50 })
  Vendor.say(vendor, "a", count)
  Vendor.say(vendor, "b", count)
  return vendor
}

describe.each(databases)("an archive in $name", (database) => {
  it.effect("of a newer version is left alone", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const opened = yield* open(client)
      const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
      yield* sql`INSERT INTO colloquy_migrations (migration_id, name) VALUES (7, 'from_the_future')`
      yield* sql`DELETE FROM settings`
      const error = yield* Effect.orDie(unopened(client))
      assert.strictEqual(error.reason._tag, "NewerVersion")
      assert.include(error.message, "version 7")
      assert.deepStrictEqual(yield* sql`SELECT * FROM settings`, [])
    })
  )

  it.live("may be made by many at once", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const all = yield* Effect.forEach(Array.from({ length: 4 }), () => open(client), { concurrency: 4 })
      const [first] = all
      assert.strictEqual(all.length, 4)
      if (first === undefined) return
      const sql = yield* Effect.provide(SqlClient.SqlClient, first)
      assert.strictEqual((yield* sql`SELECT * FROM settings`).length, 1)
      assert.strictEqual((yield* sql`SELECT * FROM colloquy_migrations`).length, 5)
    })
  )

  it.effect("is what it was when it is opened again", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const vendor = vendorOf(20)
      yield* Effect.scoped(Effect.flatMap(open(client), (opened) => Effect.provide(sync(vendor), opened)))
      yield* assertTrue(vendor).pipe(Effect.provide(yield* open(client)))
    })
  )
})

describe("a file of SQLite", () => {
  it.effect("that is no database is Corrupt, and stays as it is", () =>
    Effect.gen(function* () {
      const filename = yield* file
      writeFileSync(filename, "my diary, not an archive\n".repeat(200))
      assert.strictEqual((yield* Effect.orDie(unopened(Sqlite.layer({ filename })))).reason._tag, "Corrupt")
      assert.match(readFileSync(filename, "utf8"), /^(my diary, not an archive\n){200}$/)
    })
  )

  it.effect("that is the database of something else is Corrupt, and stays as it is", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename })
      const tables = Effect.flatMap(
        SqlClient.SqlClient,
        (sql) => sql<{ name: string }>`SELECT name FROM sqlite_master ORDER BY name`
      )
      yield* Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE songs (title TEXT)`).pipe(
        Effect.provide(client)
      )
      const { reason } = yield* Effect.orDie(unopened(client))
      assert.strictEqual(reason._tag, "Corrupt")
      assert.include(reason.message, "tables of something else")
      assert.deepStrictEqual(
        (yield* Effect.provide(tables, client)).map(({ name }) => name),
        ["songs"]
      )
    })
  )

  it.effect("in a folder that is not there is Unreachable", () =>
    Effect.gen(function* () {
      const filename = join(yield* file, "nowhere", "archive.db")
      assert.strictEqual(
        (yield* Effect.orDie(unopened(Sqlite.layer({ filename })))).reason._tag,
        "Unreachable"
      )
      assert.isFalse(existsSync(filename))
    })
  )

  it.effect("tells what failed beneath as the cause", () =>
    Effect.gen(function* () {
      const filename = join(yield* file, "nowhere", "archive.db")
      const { cause } = yield* Effect.orDie(unopened(Sqlite.layer({ filename })))
      assert.isTrue(SqlError.isSqlError(cause))
    })
  )

  it.effect("that is damaged in its middle is Corrupt", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename })
      yield* Effect.scoped(
        Effect.flatMap(open(client), (opened) => Effect.provide(sync(vendorOf(500)), opened))
      )
      const descriptor = openSync(filename, "r+")
      const { size } = statSync(filename)
      writeSync(descriptor, Buffer.alloc(size / 2, 0xa5), 0, undefined, size / 4)
      closeSync(descriptor)
      const everything = Effect.gen(function* () {
        const opened = yield* open(client)
        return yield* Effect.provide(Effect.all([live("a"), live("b")]), opened)
      })
      assert.strictEqual(yield* reasonOf(everything), "Corrupt")
    })
  )

  it.effect("that is full is Full, loses nothing, and goes on when there is room", () =>
    Effect.gen(function* () {
      const filename = yield* file
      yield* Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const vendor = vendorOf()
        const [pages] = yield* sql<{ page_count: number }>`PRAGMA page_count`
        yield* sql.unsafe(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 12}`)
        assert.strictEqual(yield* reasonOf(sync(vendor)), "Full")
        const before = [...(yield* live("a")), ...(yield* live("b"))].length
        assert.isAbove(before, 0)
        const counted = yield* sql<{ stored: number }>`SELECT sum(stored) AS stored FROM checkpoints`
        assert.strictEqual(counted[0]?.stored, before)
        yield* sql.unsafe("PRAGMA max_page_count = 100000")
        const report = yield* sync(vendor)
        assert.strictEqual(report.added, 400 - before)
        yield* assertTrue(vendor)
      }).pipe(Effect.provide(yield* open(Sqlite.layer({ filename }))))
    })
  )

  it.effect("that another writes to is Busy, and goes on behind it", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename, busyTimeout: 20 })
      const vendor = vendorOf(20)
      const other = yield* open(client)
      const opened = yield* open(client)
      const sql = yield* Effect.provide(SqlClient.SqlClient, other)
      const held = Effect.gen(function* () {
        assert.strictEqual(yield* reasonOf(Effect.provide(sync(vendor), opened)), "Busy")
        // Reading goes on, and so does opening.
        assert.deepStrictEqual(yield* Effect.provide(live("a"), opened), [])
        yield* open(client)
      })
      yield* sql.withTransaction(Effect.andThen(sql`UPDATE settings SET value = value`, held))
      yield* Effect.provide(Effect.andThen(sync(vendor), assertTrue(vendor)), opened)
    })
  )

  it.live(
    "is made by three processes at once, and has what each wrote",
    () =>
      Effect.gen(function* () {
        const filename = yield* file
        const script = join(import.meta.dirname, "opening.ts")
        const ids = ["a", "b", "c"]
        yield* Effect.forEach(
          ids,
          (id) => Effect.promise(() => promisify(execFile)(process.execPath, [script, filename, id])),
          { concurrency: 3 }
        )
        const opened = yield* open(Sqlite.layer({ filename }))
        const found = yield* Effect.provide(standings, opened)
        assert.deepStrictEqual(Object.keys(found).sort(), ids)
      }),
    30_000
  )
})

describe("a server of Postgres", () => {
  let server: Server.Server | undefined
  beforeAll(async () => void (server = await Server.start()))
  afterAll(() => server?.remove())

  it.effect("that goes away in the middle of a sync is Unreachable, and the next sync goes on", () =>
    Effect.gen(function* () {
      const running = server ?? (yield* Effect.die("no server"))
      const opened = yield* open(yield* schema(running.url))
      const vendor = vendorOf()
      const until = 5
      vendor.before = () => (vendor.requests === until ? Effect.promise(running.stop) : Effect.void)
      assert.strictEqual(yield* reasonOf(Effect.provide(sync(vendor), opened)), "Unreachable")
      const archive = yield* Effect.provide(Archive, opened)
      assert.strictEqual(yield* reasonOf(Stream.runCollect(archive.status.conversations())), "Unreachable")
      vendor.before = () => Effect.void
      yield* Effect.promise(running.start)
      const report = yield* Effect.provide(sync(vendor), opened)
      assert.isBelow(report.added, 400)
      yield* Effect.provide(assertTrue(vendor), opened)
    })
  )

  it.effect(
    "that breaks a connection in the middle of a page is Unreachable, and the page is not there",
    () =>
      Effect.gen(function* () {
        const opened = yield* open(yield* schema(inject("postgres").url))
        const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
        yield* sql.unsafe(`CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`)
        yield* sql.unsafe(
          "CREATE TRIGGER break AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION break()"
        )
        const vendor = vendorOf(20)
        assert.strictEqual(yield* reasonOf(Effect.provide(sync(vendor), opened)), "Unreachable")
        yield* sql`DROP TRIGGER break ON messages`
        assert.strictEqual((yield* Effect.provide(sync(vendor), opened)).added, 40)
      })
  )

  it.effect("that refuses, or is not there, is Unreachable, and no error tells its password", () =>
    Effect.gen(function* () {
      const { url } = inject("postgres")
      const wrong = [
        url.replace("secret-of-the-database", "wrong-password"),
        url.replace("/postgres?", "/nothing?").replace(/\/postgres$/, "/nothing"),
        url.replace(/:\d+\//, ":1/")
      ]
      for (const each of wrong) {
        const error = yield* Effect.orDie(unopened(Postgres.layer({ url: Redacted.make(each) })))
        assert.strictEqual(error.reason._tag, "Unreachable", each)
        assert.notMatch(JSON.stringify(error) + error.message, /secret-of-the-database|wrong-password/)
      }
    })
  )
})

describe("an archive that failed", () => {
  it.effect("fails its streams with the same reasons", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const opened = yield* open(Sqlite.layer({ filename }))
      const sql = yield* Effect.provide(SqlClient.SqlClient, opened)
      const archive = yield* Effect.provide(Archive, opened)
      const session = yield* archive.sessions.open(Pages.conversation("a"), { want: "incremental" })
      yield* session?.write(Pages.last([])) ?? Effect.die("forgotten")
      yield* sql`DROP VIEW unanswered`
      yield* sql`DROP VIEW feedback`
      yield* sql`DROP VIEW messages_per_day`
      yield* sql`DROP VIEW history`
      yield* sql`DROP TABLE messages`
      assert.strictEqual(yield* reasonOf(Stream.runDrain(archive.messages())), "Refused")
    })
  )
})
