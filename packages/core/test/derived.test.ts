/**
 * A list that a vendor does not have, made from the rows of another listing.
 */
import { Codec, DerivedListing, Listing } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { bare, codecOf, listingOf } from "./acme.ts"
import { connect, fakeVendor, json } from "./vendor.ts"

const Row = Schema.Struct({ id: Schema.String, session: Schema.String, at: Schema.Int })
const Session = Schema.Struct({ id: Schema.String, count: Schema.Int, last: Schema.Int })

const messages = (paging: Listing.Paging) =>
  listingOf(codecOf(Row, "id"), { query: { page: "page", size: "size" }, paging, envelope: bare })

const sessionsOf = (paging: Listing.Paging) =>
  DerivedListing.make({
    from: messages(paging),
    by: ({ session }) => session,
    add: (before: typeof Session.Type | undefined, { at, session }) => ({
      id: session,
      count: (before?.count ?? 0) + 1,
      last: Math.max(before?.last ?? 0, at)
    }),
    codec: Codec.conversations({
      vendor: "acme",
      operation: "Acme.sessions",
      wire: Session,
      id: "id",
      impersonal: ["count", "last"],
      decode: ({ count, id }) => ({ id, messageCount: count }),
      encode: ({ id, messageCount }) => ({ id, count: messageCount ?? undefined })
    })
  })

const pagings: ReadonlyArray<Listing.Paging> = [
  { by: "oneAnswer", size: null },
  { by: "page", size: 3, ends: ["emptyPage"] }
]

type Rows = ReadonlyArray<object>

const serving = (rows: Rows) =>
  fakeVendor((_, { url }) => {
    const size = Number(url.searchParams.get("size") ?? rows.length)
    const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size
    return json(rows.slice(from, from + size))
  })

/** The pages of the sessions, and the error if the walk failed. */
const read = Effect.fnUntraced(function* (paging: Listing.Paging, rows: Rows, how: Listing.ReadOptions = {}) {
  const client = yield* connect(serving(rows))
  const owner = { account: "eu", conversationId: "" }
  return yield* Effect.result(Stream.runCollect(sessionsOf(paging).of({}).pages(client, owner, how)))
})

const row = (session: string, index: number) => ({ id: `${session}${index}`, session, at: index })

describe("a derived list", () => {
  it.effect.prop(
    "has every group of rows once, with its count, however the rows are paged",
    { sessions: Schema.Array(Schema.Literals(["a", "b", "c", "d"])) },
    ({ sessions }) =>
      Effect.gen(function* () {
        const counts = new Map<string, number>()
        for (const session of sessions) counts.set(session, (counts.get(session) ?? 0) + 1)
        for (const paging of pagings) {
          const found = yield* read(paging, sessions.map(row))
          if (found._tag === "Failure") return assert.fail(found.failure.message)
          const [only, ...others] = found.success
          assert.deepStrictEqual(others, [])
          assert.deepStrictEqual(
            only?.items.map(({ account, id, messageCount }) => [account, id, messageCount]),
            [...counts].map(([id, count]) => ["eu", id, count])
          )
          assert.strictEqual(only?.completion?.count, counts.size)
          assert.strictEqual(only?.completion?.proof, paging.by === "page" ? "emptyPage" : "oneAnswer")
        }
      })
  )

  it.effect("is empty without rows, where no rows mean that a conversation is unknown, too", () =>
    Effect.gen(function* () {
      const { codec } = sessionsOf({ by: "oneAnswer", size: null })
      const list = DerivedListing.make({
        from: Listing.make({ ...messages({ by: "oneAnswer", size: null }), unknownIsEmpty: true }),
        by: ({ session }) => session,
        add: (_, { session }) => ({ id: session, count: 1, last: 0 }),
        codec
      })
      const client = yield* connect(serving([]))
      const pages = list.of({}).pages(client, { account: "eu", conversationId: "" }, {})
      assert.deepStrictEqual(
        (yield* Stream.runCollect(pages)).map(({ items }) => items),
        [[]]
      )
    })
  )

  it.effect("keeps what decoding did not take", () =>
    Effect.gen(function* () {
      const found = yield* read({ by: "oneAnswer", size: null }, [row("a", 7)])
      if (found._tag === "Failure") return assert.fail(found.failure.message)
      assert.deepStrictEqual(found.success[0]?.items[0]?.extra, { last: 7 })
    })
  )

  it.effect("fails as the listing does from which it is made, and gives nothing", () =>
    Effect.gen(function* () {
      const rows = [row("a", 1), row("b", 2), row("c", 3)]
      const capped = yield* read({ by: "oneAnswer", size: null, maxSize: 3 }, rows)
      const unfit = yield* read({ by: "oneAnswer", size: null }, [row("a", 1), { id: "b1" }], {
        undecodable: "keep"
      })
      const kindOf = (found: typeof capped) =>
        found._tag === "Failure" && "kind" in found.failure.reason ? found.failure.reason.kind : null
      assert.deepStrictEqual([kindOf(capped), kindOf(unfit)], ["capped", "record"])
    })
  )

  it.effect("starts again from a checkpoint, and says so", () =>
    Effect.gen(function* () {
      for (const paging of pagings) {
        const rows = ["a", "b", "a", "c", "b"].map(row)
        const first = yield* read(paging, rows)
        if (first._tag === "Failure") return assert.fail(first.failure.message)
        const again = yield* read(paging, rows, { from: first.success[0]?.checkpoint })
        if (again._tag === "Failure") return assert.fail(again.failure.message)
        assert.strictEqual(again.success[0]?.restarted, "a derived list is read from its start")
        assert.deepStrictEqual(again.success[0]?.items, first.success[0]?.items)
      }
    })
  )
})
