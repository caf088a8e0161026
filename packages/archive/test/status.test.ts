import { Archive } from "@colloquy/archive"
import { Note } from "@colloquy/core"
import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { databases, onFresh } from "./databases.ts"
import * as Pages from "./pages.ts"
import { standings, sync } from "./syncing.ts"

const write = Effect.fnUntraced(function* (
  conversation: ReturnType<typeof Pages.conversation>,
  page: ReturnType<typeof Pages.last<ReturnType<typeof Pages.message>>>
) {
  const archive = yield* Archive
  const session = yield* archive.sessions.open(conversation, { want: "incremental" })
  yield* session?.write(page) ?? Effect.die("forgotten")
})

describe.each(databases)("the status of $name", (database) => {
  it.effect("says how each conversation stands", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const rows = (id: string) => [0, 1, 2].map((at) => Pages.message(id, `m${at}`, at))
      const claims = (id: string, messageCount: number | null) => ({
        ...Pages.conversation(id),
        messageCount
      })
      yield* write(claims("complete", 3), Pages.last(rows("complete")))
      yield* write(claims("unclaimed", null), Pages.last(rows("unclaimed")))
      yield* write(claims("empty", 0), Pages.last([]))
      // A count that is not reached is read twice.
      yield* write(claims("short", 4), Pages.last(rows("short")))
      yield* write(claims("short", 4), Pages.last(rows("short")))
      yield* write(claims("over", 2), Pages.last(rows("over")))
      yield* write(claims("partial", 9), Pages.middle(rows("partial")))
      yield* archive.sessions.open(claims("unread", 9), { want: "incremental" })
      yield* write(claims("failed", 3), Pages.last(rows("failed")))
      yield* archive.sessions.noteFailure(Pages.conversation("failed"), "Timeout: no answer")
      assert.deepStrictEqual(yield* standings, {
        complete: "complete",
        unclaimed: "complete",
        empty: "complete",
        short: "short",
        over: "over",
        partial: "partial",
        unread: "unread",
        failed: "failed"
      })
      const [status] = yield* Stream.runCollect(archive.status.conversations({ conversationId: "short" }))
      assert.deepInclude(status, { stored: 3, claimed: 4, gone: 0, proof: "emptyPage", failure: null })
      assert.strictEqual(status?.readAt, "1970-01-01T00:00:00.000Z")
    }).pipe(onFresh(database))
  )

  it.effect("says which lists were never read to their end", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const vendor = Vendor.make({ conversations: { serves: 2 }, list: "nothing" })
      for (const id of ["a", "b", "c"]) Vendor.say(vendor, id, 1)
      const unfinished = archive.status.unfinishedLists()
      assert.strictEqual(yield* unfinished, 0)
      vendor.fails = ({ page, what }) => (what === "list" && page > 1 ? "unauthorized" : undefined)
      yield* Effect.flip(sync(vendor, { parallel: 1 }))
      // All that is known is complete.
      assert.deepStrictEqual(Object.values(yield* standings), ["complete", "complete"])
      assert.strictEqual(yield* unfinished, 1)
      assert.strictEqual(yield* archive.status.unfinishedLists({ vendor: "another" }), 0)
      vendor.fails = () => undefined
      yield* sync(vendor)
      assert.strictEqual(yield* unfinished, 0)
      // What once was read to its end is not doubted by a run that is stopped.
      vendor.fails = ({ what }) => (what === "list" ? "unauthorized" : undefined)
      yield* Effect.flip(sync(vendor))
      assert.strictEqual(yield* unfinished, 0)
    }).pipe(onFresh(database))
  )

  it.effect("goes by accounts, of which an empty one is known once a run is complete", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      assert.deepStrictEqual(yield* archive.accounts, [])
      yield* write(Pages.conversation("one"), Pages.last([]))
      const { account, vendor } = Pages.conversation("one")
      const begun = { vendor, account: "empty", listFilter: "", kind: "incremental" } as const
      const run = yield* archive.runs.begin(begun)
      assert.deepStrictEqual(yield* archive.accounts, [{ vendor, account }])
      yield* archive.runs.end(run, "complete", null)
      const sorted = [account, "empty"].sort().map((account) => ({ vendor, account }))
      assert.deepStrictEqual(yield* archive.accounts, sorted)
    }).pipe(onFresh(database))
  )

  it.effect("comes in pages, in the order of vendors, accounts and first meeting", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      const expected: Array<string> = []
      for (const account of ["a", "b"]) {
        const of = { vendor: Vendor.vendor, account }
        const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
        const conversations = Array.from({ length: 1200 }, (_, at) => ({
          ...Pages.conversation(`c${at % 7}-${at}`),
          account
        }))
        yield* archive.runs.list({ ...of, run, page: Pages.last(conversations) })
        expected.push(...conversations.map(({ id }) => `${account} ${id}`))
      }
      const found = yield* Stream.runCollect(archive.status.conversations())
      assert.deepStrictEqual(
        found.map(({ account, conversationId }) => `${account} ${conversationId}`),
        expected
      )
      const some = yield* Stream.runCollect(Stream.take(archive.status.conversations({ account: "b" }), 1))
      assert.deepStrictEqual(
        some.map(({ account, conversationId }) => `${account} ${conversationId}`),
        expected.slice(1200, 1201)
      )
    }).pipe(onFresh(database))
  )

  it.effect("counts bad records as known", () =>
    Effect.gen(function* () {
      const vendor = Vendor.make()
      Vendor.say(vendor, "a", 5)
      Vendor.say(vendor, "a", 2, { bad: true })
      yield* sync(vendor)
      const archive = yield* Archive
      assert.deepInclude((yield* Stream.runCollect(archive.status.conversations()))[0], {
        standing: "complete",
        stored: 5,
        quarantined: 2,
        claimed: 7,
        proof: "total"
      })
    }).pipe(onFresh(database))
  )

  it.effect(
    "says what the last reading could not verify, typed and in words, as the report does of the list",
    () =>
      Effect.gen(function* () {
        const vendor = Vendor.make({
          ids: false,
          size: 4,
          list: "nothing",
          messages: { paging: "offset" },
          conversations: { paging: "token" }
        })
        for (const id of ["a", "b", "c", "d", "e"]) Vendor.say(vendor, id, 5)
        const report = yield* sync(vendor)
        assert.deepStrictEqual(report.notes, [{ _tag: "UnseenDrift", cause: "placeTokens" }])
        assert.deepStrictEqual(report.unverified, report.notes.map(Note.words))
        const archive = yield* Archive
        const [status] = yield* Stream.runCollect(archive.status.conversations({ conversationId: "a" }))
        assert.deepStrictEqual(status?.notes, [{ _tag: "UnseenDrift", cause: "equalRows" }])
        assert.deepStrictEqual(status?.unverified, status?.notes.map(Note.words))
      }).pipe(onFresh(database))
  )

  it.effect("has views that answer what people ask by hand", () =>
    Effect.gen(function* () {
      const at = (id: string, role: "user" | "assistant", createdAt: string | null, position: number) => ({
        ...Pages.message("a", id, position),
        role,
        createdAt
      })
      const archive = yield* Archive
      const handed = { ...Pages.conversation("b"), handoff: true, assignee: "Ann" }
      const of = { vendor: Vendor.vendor, account: Vendor.account }
      const run = yield* archive.runs.begin({ ...of, listFilter: "{}", kind: "incremental" })
      yield* archive.runs.list({ ...of, run, page: Pages.last([Pages.conversation("a"), handed]) })
      yield* write(
        Pages.conversation("a"),
        Pages.last([
          at("q1", "user", "2024-05-01T10:00:00Z", 0),
          { ...at("a1", "assistant", "2024-05-01T10:00:01Z", 1), feedback: "positive" },
          at("q2", "user", "2024-05-02T10:00:00Z", 2)
        ])
      )
      const sql = yield* SqlClient.SqlClient
      const days = yield* sql<{
        day: string
        messages: unknown
      }>`SELECT day, messages FROM messages_per_day ORDER BY day`
      assert.deepStrictEqual(
        days.map(({ day, messages }) => [day, Number(messages)]),
        [
          ["2024-05-01", 2],
          ["2024-05-02", 1]
        ]
      )
      const only = Effect.fnUntraced(function* (view: string, column: string) {
        const rows = yield* sql<Record<string, unknown>>`SELECT * FROM ${sql(view)}`
        return rows.map((row) => row[column])
      })
      assert.deepStrictEqual(yield* only("handoffs", "assignee"), ["Ann"])
      assert.deepStrictEqual(yield* only("unanswered", "id"), ["q2"])
      assert.deepStrictEqual(yield* only("feedback", "id"), ["a1"])
      assert.strictEqual((yield* only("history", "id")).length, 3)
    }).pipe(onFresh(database))
  )
})
