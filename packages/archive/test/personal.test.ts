/**
 * What a list tells in a person's words goes with the person, and stays out; and how forgetting is looked at and undone.
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { databases, file, onFresh, open } from "./databases.ts"
import * as Pages from "./pages.ts"
import { assertTrue, everything, live, standings, sync } from "./syncing.ts"

const of = { vendor: Vendor.vendor, account: Vendor.account }
const secret = "whisper-7f3a9c"
const user = "user-5d21e8"
const me = { ...of, id: user }

/** Two users in a, whose list has the words of one of them; b has none of it. */
const vendorOf = () => {
  const vendor = Vendor.make()
  Vendor.say(vendor, "a", 3, { user, text: `${secret} in a` })
  Vendor.say(vendor, "a", 4, { user: "other" })
  vendor.extras.set("a", { firstWords: `${secret} first`, messages: [{ text: secret }], topic: "billing" })
  Vendor.say(vendor, "b", 3, { user: "other" })
  vendor.extras.set("b", { firstWords: "hello", topic: "greeting" })
  return vendor
}

const extraOf = (id: string) =>
  Effect.flatMap(Archive, (archive) =>
    Effect.map(
      Stream.runCollect(archive.conversations({ conversationId: id })),
      ([conversation]) => conversation?.extra
    )
  )

const assertUnsaid = Effect.gen(function* () {
  const left = yield* everything
  assert.notInclude(left, secret)
  assert.notInclude(left, user)
})

describe.each(databases)("what a list tells in a person's words, in $name", (database) => {
  it.effect("goes with the person and stays out, and the rest stays", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      yield* sync(vendor)
      assert.include(yield* everything, `${secret} first`)
      assert.strictEqual((yield* archive.erasures.forgetUser(me)).redacted, 1)
      for (const full of [false, true, false]) {
        yield* assertUnsaid
        assert.deepStrictEqual(yield* extraOf("a"), { topic: "billing" })
        assert.deepStrictEqual(yield* extraOf("b"), { firstWords: "hello", topic: "greeting" })
        Vendor.say(vendor, "a", 1, { user: "other" })
        assert.deepStrictEqual((yield* sync(vendor, { full })).failed, [])
      }
      assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete" })
    }).pipe(onFresh(database))
  )

  it.effect("is not stored of a conversation before it was read, once anyone was forgotten", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      yield* archive.erasures.forgetUser(me)
      const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
      const listed = { ...Pages.conversation("a"), extra: { firstWords: secret, topic: "billing" } }
      yield* archive.runs.list({ ...of, page: Pages.last([listed]), run, impersonalExtra: ["topic"] })
      assert.deepStrictEqual(yield* extraOf("a"), { topic: "billing" })
      yield* sync(vendor)
      yield* assertUnsaid
      yield* sync(vendor)
      yield* assertUnsaid
      assert.deepStrictEqual(yield* extraOf("b"), { firstWords: "hello", topic: "greeting" })
    }).pipe(onFresh(database))
  )

  it.effect("goes whole where no source has told what is personal", () =>
    Effect.gen(function* () {
      yield* sync(vendorOf())
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE accounts SET impersonal = NULL`
      yield* (yield* Archive).erasures.forgetUser(me)
      assert.deepStrictEqual(yield* extraOf("a"), {})
      yield* assertUnsaid
    }).pipe(onFresh(database))
  )

  it.effect("goes from summaries, from exact copies, and from records of the list in quarantine", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const listed = {
        ...Pages.conversation("a\0"),
        summary: `${secret}\0`,
        extra: { title: `${secret}\0` }
      }
      const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
      const record = { index: 1, json: { id: "a\0", name: secret }, problem: "odd" }
      const page = { ...Pages.last([listed]), undecodable: [record] }
      const put = archive.runs.list({ ...of, page, run, impersonalExtra: [] })
      yield* put
      const session = yield* archive.sessions.open(listed, { want: "incremental" })
      const mine = { ...Pages.message("a\0", "m", 0), userId: user, text: secret }
      yield* session?.write(Pages.last([mine, Pages.message("a\0", "n", 1)])) ?? Effect.die("forgotten")
      assert.strictEqual((yield* Stream.runCollect(archive.quarantine.records())).length, 1)
      yield* archive.erasures.forgetUser(me)
      yield* assertUnsaid
      yield* put
      yield* assertUnsaid
      assert.deepStrictEqual(yield* Stream.runCollect(archive.conversations()), [Pages.conversation("a\0")])
    }).pipe(onFresh(database))
  )
})

describe.each(databases)("an archive of version 2 in $name", (database) => {
  it.effect("loses what is left of those who were forgotten before, when it is opened", () =>
    Effect.gen(function* () {
      const client = yield* database.fresh
      const vendor = vendorOf()
      const old = yield* open(client)
      yield* Effect.gen(function* () {
        yield* sync(vendor)
        yield* (yield* Archive).erasures.forgetUser(me)
        const sql = yield* SqlClient.SqlClient
        const words = JSON.stringify({ firstWords: secret })
        const exact = JSON.stringify({ ...Pages.conversation("a"), summary: `${secret}\0`, extra: {} })
        yield* sql`DROP TABLE redacted`
        yield* sql`ALTER TABLE accounts DROP COLUMN impersonal`
        yield* sql`ALTER TABLE quarantine DROP COLUMN first_reading`
        yield* sql`ALTER TABLE quarantine DROP COLUMN first_run`
        yield* sql`ALTER TABLE checkpoints DROP COLUMN doubted`
        yield* sql`ALTER TABLE checkpoints DROP COLUMN capped`
        yield* sql`DELETE FROM colloquy_migrations WHERE migration_id > 2`
        yield* sql`UPDATE conversations SET extra = ${words}, summary = ${secret}, exact = ${exact} WHERE id = 'a'`
      }).pipe(Effect.provide(old))
      yield* Effect.gen(function* () {
        yield* assertUnsaid
        yield* sync(vendor, { full: true })
        yield* assertUnsaid
        assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete" })
        assert.isTrue(yield* (yield* Archive).erasures.undoUser(me))
        yield* sync(vendor)
        yield* assertTrue(vendor)
      }).pipe(Effect.provide(yield* open(client)))
    })
  )
})

describe.each(databases)("forgetting in $name", (database) => {
  it.effect("is tried out, and writes nothing then", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      vendor.extras.set("b", { user_id: user })
      Vendor.say(vendor, "a", 1, { user, bad: true })
      const archive = yield* Archive
      yield* sync(vendor)
      Vendor.editAt(vendor, "a", 1, { text: `${secret} edited` })
      yield* sync(vendor, { full: true })
      const before = yield* everything
      const ofConversation = yield* archive.erasures.forgetConversation({ ...of, id: "a" }, { dryRun: true })
      assert.deepInclude(ofConversation, { conversations: 1, messages: 7, revisions: 1, quarantined: 1 })
      const ofUser = yield* archive.erasures.forgetUser(me, { dryRun: true })
      assert.deepInclude(ofUser, { conversations: 1, messages: 6, revisions: 1, quarantined: 1, redacted: 1 })
      assert.strictEqual(yield* everything, before)
      assert.deepStrictEqual(yield* archive.erasures.forgetUser(me), ofUser)
      const again = yield* archive.erasures.forgetUser(me, { dryRun: true })
      assert.deepStrictEqual(again, yield* archive.erasures.forgetUser(me))
      assert.deepInclude(again, { conversations: 0, messages: 0, redacted: 0, noted: false })
      const tried = yield* archive.erasures.forgetConversation({ ...of, id: "a" }, { dryRun: true })
      assert.deepStrictEqual(yield* archive.erasures.forgetConversation({ ...of, id: "a" }), tried)
    }).pipe(onFresh(database))
  )

  it.effect("is listed without names, and undone: what the vendor has comes back", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      yield* sync(vendor)
      yield* archive.erasures.forgetUser(me)
      yield* archive.erasures.forgetConversation({ ...of, id: "b" })
      yield* sync(vendor)
      const forgotten = yield* Stream.runCollect(archive.erasures.list)
      assert.deepStrictEqual(forgotten.map(({ kind }) => kind).sort(), ["conversation", "user"])
      assert.notInclude(JSON.stringify(forgotten), user)
      assert.isTrue(yield* archive.erasures.undoUser(me))
      assert.isFalse(yield* archive.erasures.undoUser(me))
      assert.isFalse(yield* archive.erasures.undoConversation({ ...of, id: "c" }))
      assert.isTrue(yield* archive.erasures.undoConversation({ ...of, id: "b" }))
      assert.deepStrictEqual(yield* Stream.runCollect(archive.erasures.list), [])
      const report = yield* sync(vendor)
      assert.strictEqual(report.added, 6)
      yield* assertTrue(vendor)
      assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete" })
      assert.strictEqual((yield* live("a")).length, 7)
      const [status] = yield* Stream.runCollect(archive.status.conversations({ conversationId: "a" }))
      assert.strictEqual(status?.withheld, 0)
      assert.property(yield* extraOf("a"), "firstWords")
    }).pipe(onFresh(database))
  )

  it.effect("is undone for one of two, and the other stays out", () =>
    Effect.gen(function* () {
      const vendor = vendorOf()
      const archive = yield* Archive
      yield* sync(vendor)
      yield* archive.erasures.forgetUser(me)
      yield* archive.erasures.forgetUser({ ...of, id: "other" })
      assert.isTrue(yield* archive.erasures.undoUser({ ...of, id: "other" }))
      yield* sync(vendor)
      yield* assertUnsaid
      assert.strictEqual((yield* live("a")).length, 4)
      assert.deepStrictEqual(yield* extraOf("a"), { topic: "billing" })
    }).pipe(onFresh(database))
  )
})

describe("a person's words in a list", () => {
  it.effect("are nowhere in the file of SQLite", () =>
    Effect.gen(function* () {
      const filename = yield* file
      const found = () =>
        readdirSync(dirname(filename)).filter((name) =>
          readFileSync(join(dirname(filename), name)).includes(secret)
        )
      yield* Effect.gen(function* () {
        const vendor = vendorOf()
        yield* sync(vendor)
        assert.isNotEmpty(found())
        yield* (yield* Archive).erasures.forgetUser(me)
        assert.deepStrictEqual(found(), [])
        yield* sync(vendor, { full: true })
        Vendor.say(vendor, "c", 2, { user, text: secret })
        vendor.extras.set("c", { firstWords: secret })
        yield* sync(vendor)
        assert.deepStrictEqual(found(), [])
      }).pipe(Effect.provide(yield* open(Sqlite.layer({ filename }))))
    })
  )
})
