import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inject } from "vitest"
import { databases, file, onFresh, open, postgres } from "./databases.ts"
import * as Pages from "./pages.ts"
import { costOf, everything, live, standings, sync } from "./syncing.ts"

const of = { vendor: Vendor.vendor, account: Vendor.account }
const secret = "whisper-7f3a9c"
const user = "user-5d21e8"

/** Three users in a; b is listed as the user's own; c has none of it. */
const vendorOf = (manners: Vendor.Options = {}) => {
  const vendor = Vendor.make(manners)
  Vendor.say(vendor, "a", 6, { user: "other" })
  Vendor.say(vendor, "a", 3, { user, text: `${secret} in a` })
  Vendor.say(vendor, "a", 1, { bad: true, user, text: `${secret} that is bad` })
  Vendor.say(vendor, "a", 8, { user: "third" })
  Vendor.say(vendor, "b", 4, { text: `${secret} in b` })
  vendor.extras.set("b", { user_id: user })
  Vendor.say(vendor, "c", 3)
  return vendor
}

const textsIn = (folder: string, names: ReadonlyArray<string>, text: string): ReadonlyArray<string> =>
  names.filter((name) => readFileSync(join(folder, name)).includes(text))

describe.each(databases)("forgetting in $name", (database) => {
  it.effect.each([{ order: "oldestFirst" }, { order: "newestFirst" }] as const)(
    "a user erases every trace, keeps it out, and leaves counts that agree (%o)",
    (manners) =>
      Effect.gen(function* () {
        const vendor = vendorOf(manners)
        const archive = yield* Archive
        yield* sync(vendor)
        Vendor.editAt(vendor, "a", 7, { text: `${secret} edited` })
        yield* sync(vendor, { full: true })
        assert.include(yield* everything, secret)
        const erased = yield* archive.erasures.forgetUser({ ...of, id: user })
        assert.deepStrictEqual(erased, {
          conversations: 1,
          messages: 7,
          revisions: 1,
          quarantined: 1,
          redacted: 1,
          noted: true,
          finished: false
        })
        const check = Effect.gen(function* () {
          const left = yield* everything
          assert.notInclude(left, secret)
          assert.notInclude(left, user)
          assert.deepStrictEqual(yield* standings, { a: "complete", c: "complete" })
          const [status] = yield* Stream.runCollect(archive.status.conversations({ conversationId: "a" }))
          assert.deepInclude(status, { withheld: 4, quarantined: 0 })
        })
        yield* check
        for (const full of [false, true, false]) {
          Vendor.say(vendor, "a", 1, { user: "third" })
          assert.deepStrictEqual((yield* sync(vendor, { full })).failed, [])
          yield* check
        }
        assert.strictEqual((yield* live("a")).length, 17)
        // What the user says later is left out at once, and counted.
        Vendor.say(vendor, "a", 1, { user, text: `${secret} again` })
        assert.isAtMost((yield* costOf(vendor)).asked, 2)
        const [status] = yield* Stream.runCollect(archive.status.conversations({ conversationId: "a" }))
        assert.deepInclude(status, { withheld: 5, standing: "complete" })
        assert.notInclude(yield* everything, secret)
        // Twice is once.
        assert.strictEqual((yield* archive.erasures.forgetUser({ ...of, id: user })).messages, 0)
        // What the vendor removes is not counted as left out for ever.
        Vendor.removeAt(vendor, "a", 7)
        assert.deepStrictEqual((yield* sync(vendor, { full: true })).failed, [])
        assert.deepInclude(
          (yield* Stream.runCollect(archive.status.conversations({ conversationId: "a" })))[0],
          {
            withheld: 4,
            standing: "complete"
          }
        )
      }).pipe(onFresh(database))
  )

  it.effect("a conversation erases it whole, and keeps it from coming back", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      vendor.fails = ({ conversationId }) => (conversationId === "b" ? "unavailable" : undefined)
      Vendor.say(vendor, "conversation-of-shame", 3, { text: secret })
      yield* sync(vendor)
      const erased = yield* archive.erasures.forgetConversation({ ...of, id: "conversation-of-shame" })
      assert.deepInclude(erased, { conversations: 1, messages: 3, revisions: 0, quarantined: 0 })
      vendor.fails = () => undefined
      yield* sync(vendor)
      yield* sync(vendor, { conversations: ["conversation-of-shame"], full: true })
      assert.notInclude(yield* everything, "conversation-of-shame")
      // One that the archive never met is kept out all the same.
      yield* archive.erasures.forgetConversation({ ...of, id: "d" })
      Vendor.say(vendor, "d", 3)
      yield* sync(vendor)
      assert.deepStrictEqual(Object.keys(yield* standings).sort(), ["a", "b", "c"])
    }).pipe(onFresh(database))
  )

  it.effect("takes nothing of others with it whose ids look alike", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      Vendor.say(vendor, "c", 2, { bad: true, user: "1234", text: "number 12 of them" })
      yield* sync(vendor)
      const archive = yield* Archive
      assert.deepInclude(yield* archive.erasures.forgetUser({ ...of, id: "12" }), {
        conversations: 0,
        messages: 0,
        revisions: 0,
        quarantined: 0
      })
      const elsewhere = yield* archive.erasures.forgetUser({ ...of, account: "another", id: user })
      assert.strictEqual(elsewhere.messages, 0)
      assert.strictEqual((yield* archive.erasures.forgetUser({ ...of, id: "1234" })).quarantined, 2)
      assert.deepStrictEqual((yield* sync(vendor, { full: true })).failed, [])
      assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete", c: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("leaves the forgotten out of a plan, as a sync does", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      yield* archive.erasures.forgetConversation({ ...of, id: "b" })
      const planned = (options: Sync.Options = {}) =>
        Effect.map(
          Effect.flatMap(Vendor.service(vendor), (source) => Stream.runCollect(Sync.plan(source, options))),
          (all) => all.map(({ conversation }) => conversation.id)
        )
      assert.deepStrictEqual(yield* planned(), ["c", "a"])
      assert.deepStrictEqual(yield* planned({ conversations: ["a", "b"] }), ["a"])
      assert.strictEqual((yield* sync(vendor)).conversations, 2)
    }).pipe(onFresh(database))
  )

  it.effect("ends a read of what is forgotten meanwhile without a failure", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      for (const id of ["a", "b"]) Vendor.say(vendor, id, 30)
      const archive = yield* Archive
      vendor.before = ({ conversationId, page }) =>
        conversationId === "b" && page === 2
          ? Effect.orDie(archive.erasures.forgetConversation({ ...of, id: "b" }))
          : Effect.void
      assert.deepStrictEqual((yield* sync(vendor)).failed, [])
      assert.deepStrictEqual(yield* standings, { a: "complete" })
      vendor.before = ({ conversationId, page }) =>
        conversationId === "c" && page === 2
          ? Effect.orDie(archive.erasures.forgetUser({ ...of, id: "somebody" }))
          : Effect.void
      Vendor.say(vendor, "c", 30)
      const [failed] = (yield* sync(vendor)).failed
      assert.match(failed?.message ?? "", /another sync, forget or quarantine replay/)
      vendor.before = () => Effect.void
      assert.deepStrictEqual((yield* sync(vendor)).failed, [])
      assert.deepStrictEqual(yield* standings, { a: "complete", c: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("stops what is being read of the forgotten", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const begin = (id: string) =>
        Effect.flatMap(archive.sessions.open(Pages.conversation(id), { want: "incremental" }), (session) =>
          session === undefined ? Effect.die("forgotten") : Effect.succeed(session)
        )
      const one = yield* begin("a")
      const other = yield* begin("b")
      const page = Pages.last([{ ...Pages.message("a", "m", 0), userId: user, text: secret }])
      yield* archive.erasures.forgetConversation({ ...of, id: "b" })
      assert.strictEqual((yield* Effect.flip(other.write(page))).reason._tag, "Conflict")
      yield* archive.erasures.forgetUser({ ...of, id: user })
      assert.strictEqual((yield* Effect.flip(one.write(page))).reason._tag, "Conflict")
      assert.notInclude(yield* everything, secret)
      assert.isUndefined(yield* archive.sessions.open(Pages.conversation("b"), { want: "incremental" }))
      assert.strictEqual((yield* (yield* begin("a")).write(page)).suppressed, 1)
    }).pipe(onFresh(database))
  )
})

describe("what was forgotten", () => {
  it.effect("is nowhere in the file of SQLite, nor in its log", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const names = () => readdirSync(dirname(filename))
      yield* Effect.gen(function* () {
        const vendor = vendorOf()
        yield* sync(vendor)
        const archive = yield* Archive
        assert.isNotEmpty(textsIn(dirname(filename), names(), secret))
        yield* archive.erasures.forgetUser({ ...of, id: user })
        assert.isAbove(names().length, 1)
        assert.deepStrictEqual(textsIn(dirname(filename), names(), secret), [])
        assert.deepStrictEqual(textsIn(dirname(filename), names(), user), [])
      }).pipe(Effect.provide(yield* open(Sqlite.layer({ filename }))))
    })
  )

  it.effect("is not said to be gone from the file while another reader holds its log", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const client = Sqlite.layer({ filename, busyTimeout: 10 })
      const opened = yield* open(client)
      const reader = yield* open(client)
      const archive = yield* Effect.provide(Archive, opened)
      yield* Effect.provide(sync(vendorOf()), opened)
      const sql = yield* Effect.provide(SqlClient.SqlClient, reader)
      const held = Effect.andThen(
        sql`SELECT count(*) FROM messages`,
        Effect.flip(archive.erasures.forgetUser({ ...of, id: user }))
      )
      // One that only reads: the rows are gone, the log has to wait for it.
      const erased = yield* sql
        .withTransaction(held)
        .pipe(Effect.provideService(SqlClient.BeginTransaction, "BEGIN"))
      assert.strictEqual(erased.reason._tag, "Busy")
      // Again, and it is.
      const again = yield* archive.erasures.forgetUser({ ...of, id: user })
      assert.deepInclude(again, { messages: 0, noted: false, finished: true })
      assert.isFalse((yield* archive.erasures.forgetUser({ ...of, id: user })).finished)
      assert.deepStrictEqual(textsIn(dirname(filename), readdirSync(dirname(filename)), secret), [])
    })
  )

  it.effect("is nowhere in the tables' files of Postgres", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      yield* sync(vendor)
      const sql = yield* SqlClient.SqlClient
      const found = Effect.gen(function* () {
        yield* sql`CHECKPOINT`
        const paths = yield* sql<{ path: string }>`SELECT pg_relation_filepath(c.oid) AS path FROM pg_class c
WHERE c.relkind IN ('r', 'i', 't') AND c.relnamespace = current_schema()::regnamespace`
        return textsIn(
          inject("postgres").folder,
          paths.map(({ path }) => path),
          secret
        )
      })
      assert.isNotEmpty(yield* found)
      const archive = yield* Archive
      // What a transaction of another session may still see stays until it ends; forgetting again finishes.
      const left = yield* archive.erasures
        .forgetUser({ ...of, id: user })
        .pipe(Effect.andThen(found), Effect.repeat({ until: (texts) => texts.length === 0, times: 50 }))
      assert.deepStrictEqual(left, [])
    }).pipe(onFresh(postgres))
  )
})
