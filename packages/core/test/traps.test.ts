/**
 * What servers of others were seen to do. Each is read right, or refused by name; nothing is taken for complete that is not.
 */
import { type Conversation, IncompleteWalk, type Page, Pagination, type SourceService } from "@colloquy/core"
import { Listing, Vendor } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Redacted, Schema, Stream } from "effect"
import { HttpClient } from "effect/http"
import { askedOf, byId, itemsOf, type Row, rowsOf, serve, walk } from "./listing.ts"
import * as Toy from "./toy.ts"
import { linesOf, serving } from "./toyServer.ts"
import { fakeVendor, json } from "./vendor.ts"

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

/** What a walk gave: its rows, and its completion, or the kind of its failure. */
const outcomeOf = Effect.fnUntraced(function* <E extends { readonly _tag: string }>(
  walked: Effect.Effect<ReadonlyArray<Page.Page<Row>>, E>
) {
  const found = yield* Effect.result(walked)
  if (found._tag === "Failure") {
    const { failure } = found
    return { rows: null, completion: null, kind: "kind" in failure ? failure.kind : failure._tag }
  }
  return { rows: itemsOf(found.success), completion: found.success.at(-1)?.completion, kind: null }
})

const ends = ["total", "emptyPage"] as const
const strategies = (size: number) => [
  { paging: "offset", strategy: Pagination.offset({ size, ends }) } as const,
  { paging: "page", strategy: Pagination.pageNumber({ size, ends }) } as const
]

const keys = [byId, undefined]
const kinds: ReadonlyArray<string> = IncompleteWalk.fields.kind.literals

describe("a total that shifts with the offset", () => {
  it.effect.prop(
    "is never taken for the end before all rows have come",
    { count: between(0, 70), size: between(1, 30) },
    ({ count, size }) =>
      Effect.gen(function* () {
        for (const key of keys) {
          for (const { paging, strategy } of strategies(size)) {
            const rows = rowsOf(count)
            const start = (index: number) => {
              const asked = server.requests[index - 1]
              return asked === undefined
                ? 0
                : paging === "offset"
                  ? asked.offset
                  : (asked.page - 1) * (asked.size ?? 1)
            }
            const server = serve({ paging, rows: () => rows, total: (nth) => start(nth) + count })
            const found = yield* outcomeOf(walk(server, strategy, { key }))
            if (found.rows === null) assert.include(kinds, found.kind)
            else assert.deepStrictEqual(found.rows, rows)
          }
        }
      })
  )

  it.effect("that an author does not read as a total does no harm", () =>
    Effect.gen(function* () {
      const server = serve({ paging: "offset", rows: () => rowsOf(25) })
      const found = yield* outcomeOf(
        walk(server, Pagination.offset({ size: 10, ends: ["emptyPage"] }), { key: byId })
      )
      assert.deepStrictEqual(found.rows, rowsOf(25))
    })
  )
})

describe("an empty page in the middle", () => {
  it.effect.prop(
    "is no end of a listing with a total, or whose pages overlap, whether it passes or stays",
    {
      count: between(25, 120),
      at: between(1, 119),
      length: between(1, 30),
      passes: Schema.Boolean,
      total: Schema.Boolean
    },
    ({ at, count, length, passes, total }) =>
      Effect.gen(function* () {
        const rows = rowsOf(count)
        for (const { paging, strategy } of strategies(20)) {
          // Pages that are empty however they are asked for, and no count: nothing tells that from the end.
          if (paging === "page" && !total && !passes) continue
          let emptied = false
          const server = serve({ paging, rows: () => rows, ...(total ? { total: () => count } : {}) })
          const fetch: typeof server.fetch = (request) => {
            const { offset, page, size } = askedOf(request)
            const start = paging === "offset" ? offset : (page - 1) * (size ?? 1)
            // A request that starts behind the last row is empty rightly.
            const isHole = start >= at && start < at + length && start < count && !(passes && emptied)
            emptied ||= isHole
            return isHole
              ? Effect.succeed(Pagination.received<Row>([], total ? { total: count } : {}))
              : server.fetch(request)
          }
          const found = yield* outcomeOf(walk({ ...server, fetch }, strategy, { key: byId }))
          if (found.rows === null) assert.include(kinds, found.kind)
          else assert.deepStrictEqual(found.rows, rows)
        }
      })
  )

  it.effect("is no end where its overlap is missing and the page behind it has rows", () =>
    Effect.gen(function* () {
      const hiding = (hole: number) => {
        const server = serve({ paging: "page", rows: () => rowsOf(120), holes: [hole] })
        return outcomeOf(
          walk(server, Pagination.pageNumber({ size: 50, ends: ["emptyPage"] }), { key: byId })
        )
      }
      assert.strictEqual((yield* hiding(2)).kind, "noProof")
      assert.deepStrictEqual((yield* hiding(9)).rows, rowsOf(120))
    })
  )

  it.effect("that stays is rows that are missing, and no list that moved", () =>
    Effect.gen(function* () {
      const server = serve({ paging: "page", rows: () => rowsOf(41), holes: [2], total: () => 41 })
      const found = yield* outcomeOf(walk(server, Pagination.pageNumber({ size: 20, ends }), { key: byId }))
      assert.strictEqual(found.kind, "totalNotReached")
    })
  )

  it.effect("with a token is none", () =>
    Effect.gen(function* () {
      const strategy = Pagination.cursor()
      const pages = yield* Stream.runCollect(
        Pagination.pages(strategy, ({ cursor }) => {
          const at = Number(cursor ?? 0)
          return Effect.succeed(
            Pagination.received(at % 3 === 1 ? [] : rowsOf(2, at * 2), { next: at < 9 ? at + 1 : null })
          )
        })
      )
      assert.strictEqual(itemsOf(pages).length, 14)
    })
  )
})

/** Tokens for pages of ten, of which the last ones are kept back. */
const keepingBack = (from: number, total: number | null) =>
  Pagination.pages(
    Pagination.cursor(),
    ({ cursor }) => {
      const at = Number(cursor ?? 0)
      const next = at + 10 < from ? at + 10 : null
      return Effect.succeed(Pagination.received(rowsOf(45).slice(at, at + 10), { total, next }))
    },
    { key: byId, expectedCount: 45 }
  )

describe("a next link that is missing though more exists", () => {
  it.effect("is refused where the vendor counts its rows", () =>
    Effect.gen(function* () {
      const found = yield* outcomeOf(Stream.runCollect(keepingBack(20, 45)))
      assert.strictEqual(found.kind, "totalNotReached")
    })
  )

  it.effect("shows in the completion where only the list counts them", () =>
    Effect.gen(function* () {
      const { completion } = yield* outcomeOf(Stream.runCollect(keepingBack(20, null)))
      assert.deepInclude(completion, { proof: "noNext", count: 20 })
      assert.strictEqual(completion?.claimed.listed, 45)
    })
  )
})

describe("old rows that are deleted after each page", () => {
  it.effect.each(["offset", "page"] as const)(
    "hide no row that stays, though the last total agrees (%s)",
    (paging) =>
      Effect.gen(function* () {
        const rows = [...rowsOf(252)]
        const server = serve({
          paging,
          rows: (nth) => (nth === 1 ? rows : (rows.splice(0, 1), rows)),
          total: () => rows.length
        })
        const strategy = strategies(50).find((each) => each.paging === paging)?.strategy
        assert.isDefined(strategy)
        const pages = yield* walk(server, strategy, { key: byId })
        const seen = new Set(itemsOf(pages).map(byId))
        for (const row of rows) assert.isTrue(seen.has(row.id), row.id)
      })
  )
})

/** The toy vendor, but for an unknown room it answers with an empty list. */
const forgiving = Effect.suspend(() => {
  const messages = Listing.make({ ...Toy.messages, unknownIsEmpty: true })
  const { definition } = Toy.Toy
  const vendor = Vendor.make({
    ...definition,
    messages: {
      ...definition.messages,
      of: ({ house }, { conversationId }) => messages.of({ house, conversationId })
    }
  })
  const answer = serving({ full: linesOf("full", 5), empty: [] })
  const server = fakeVendor((nth, seen) => {
    const response = answer(nth, seen)
    return response.status === 404 ? json({ lines: [], after: null }) : response
  })
  return vendor
    .source({ house: "h", token: Redacted.make("token") })
    .pipe(Effect.provideService(HttpClient.HttpClient, server.client))
})

/** The number of messages of a conversation, or why there are none. */
const messagesOf = (source: SourceService, conversationId: string, conversation?: Conversation) =>
  Stream.runCollect(source.messagePages({ conversationId, conversation })).pipe(
    Effect.map((pages) => pages.at(-1)?.completion?.count ?? null),
    Effect.catchTag("SourceError", ({ reason }) =>
      Effect.succeed(reason._tag === "IncompleteWalk" ? reason.kind : reason._tag)
    )
  )

describe("an unknown id that is answered with an empty list", () => {
  it.effect("is not found, and a conversation of a list may be empty", () =>
    Effect.gen(function* () {
      const source = yield* forgiving
      const [full, empty] = yield* Stream.runCollect(Pagination.items(source.conversationPages()))
      assert.isDefined(full)
      assert.isDefined(empty)
      assert.strictEqual(yield* messagesOf(source, "full"), 5)
      assert.strictEqual(yield* messagesOf(source, "nowhere"), "NotFound")
      assert.strictEqual(yield* messagesOf(source, "empty"), "NotFound")
      assert.strictEqual(yield* messagesOf(source, "empty", empty), 0)
      // Its entry in the list says that there are messages.
      assert.strictEqual(yield* messagesOf(source, "nowhere", full), "contradictedEmpty")
    })
  )
})
