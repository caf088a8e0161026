/**
 * What no walk can see: one counterexample for each kind of listing, told in the completion, and found by `verify`.
 */
import { Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { byId, completionOf, itemsOf, type Row, rowsOf } from "./listing.ts"
import * as Model from "./model.ts"

const given: Model.Case = {
  count: 30,
  size: 10,
  newestFirst: false,
  ids: true,
  total: "none",
  pastEnd: "empty",
  concurrency: 1,
  delays: [],
  changes: []
}
const change = (kind: Model.Change["kind"]): Model.Change => ({ before: 2, kind, at: 0, rows: 1 })
const hidden = "a row removed between two requests hides another"
const counted = "a row removed and another added between two requests"

const counterexamples: ReadonlyArray<{
  readonly name: string
  readonly paging: "page" | "offset"
  readonly given: Partial<Model.Case>
  readonly lost: ReadonlyArray<string>
  readonly repeated: ReadonlyArray<string>
  /** What the completion says of it. */
  readonly says: string
}> = [
  {
    name: "page numbers with a total: one row removed and one appended between two requests",
    paging: "page",
    given: { total: "each", changes: [change("removeHead"), change("append")] },
    lost: ["m10"],
    repeated: [],
    says: counted
  },
  {
    name: "page numbers with a total and without ids: the same",
    paging: "page",
    given: { ids: false, total: "each", changes: [change("removeHead"), change("append")] },
    lost: ["m10"],
    repeated: [],
    says: counted
  },
  {
    name: "page numbers without a total: one row removed",
    paging: "page",
    given: { changes: [change("removeHead")] },
    lost: ["m10"],
    repeated: [],
    says: hidden
  },
  {
    name: "page numbers with a total on the first page only: one row removed and one appended",
    paging: "page",
    given: { total: "first", changes: [change("removeHead"), change("append")] },
    lost: ["m10"],
    repeated: [],
    says: hidden
  },
  {
    name: "page numbers without a total or ids, newest first: a row that is added repeats one",
    paging: "page",
    given: { ids: false, newestFirst: true, changes: [change("head")] },
    lost: [],
    repeated: ["m20"],
    says: "without ids, a list that grows at its head repeats rows"
  },
  {
    name: "offsets of one row a page, which cannot overlap: one row removed",
    paging: "offset",
    given: { count: 3, size: 1, changes: [change("removeHead")] },
    lost: ["m1"],
    repeated: [],
    says: hidden
  }
]

describe("what cannot be seen", () => {
  it.effect.each(counterexamples)("by $name", ({ given: partial, lost, paging, repeated, says }) =>
    Effect.gen(function* () {
      const outcome = yield* Model.run({ ...given, ...partial }, { paging })
      assert.isNull(outcome.failure)
      assert.deepStrictEqual(Model.lostIn(outcome), lost)
      assert.deepStrictEqual(Model.repeatedIn(outcome), repeated)
      assert.include(outcome.unverified.join("; "), says)
      const verified = yield* Model.run({ ...given, ...partial }, { paging, verify: true })
      if (verified.failure !== null) return assert.strictEqual(verified.failure._tag, "IncompleteWalk")
      assert.isTrue(verified.verified)
      assert.deepStrictEqual(Model.lostIn(verified), [])
      assert.deepStrictEqual(Model.lastingRepeatedIn(verified), [])
    })
  )

  it.effect(
    "by page numbers without a total, fetched ahead: a row is added between answers out of turn",
    () =>
      Effect.gen(function* () {
        let list: ReadonlyArray<Row> = rowsOf(30)
        const fetch = ({ page }: Pagination.PageRequest) =>
          Effect.gen(function* () {
            if (page === 2) {
              yield* Effect.repeat(Effect.yieldNow, { times: 5 })
              list = [...rowsOf(1, 900), ...rowsOf(30)]
            }
            return Pagination.received(list.slice((page - 1) * 10, page * 10))
          })
        const strategy = Pagination.pageNumber({ size: 10, ends: ["emptyPage"] })
        const read = (concurrency: number, verify: boolean) => {
          list = rowsOf(30)
          return Effect.scoped(
            Pagination.pages(strategy, fetch, { concurrency, key: byId, verify }).pipe(Stream.runCollect)
          )
        }
        const ahead = yield* read(2, false)
        assert.deepStrictEqual(
          rowsOf(30).filter((row) => !itemsOf(ahead).some(({ id }) => id === row.id)),
          rowsOf(1, 19)
        )
        assert.include(completionOf(ahead)?.unverified.join(), "pages were fetched ahead")
        const inTurn = yield* read(1, false)
        assert.includeDeepMembers([...itemsOf(inTurn)], [...rowsOf(30)])
        assert.notInclude(completionOf(inTurn)?.unverified.join(), "ahead")
        const verified = yield* read(2, true)
        assert.includeDeepMembers([...itemsOf(verified)], [...rowsOf(30)])
        assert.strictEqual(completionOf(verified)?.verified, true)
      })
  )

  it.effect("can be mended where two readings agree, and the completion says so", () =>
    Effect.gen(function* () {
      const losing = { ...given, changes: [change("removeHead")] }
      const outcome = yield* Model.run(losing, { paging: "page", verify: true })
      assert.isNull(outcome.failure)
      assert.isTrue(outcome.verified)
      assert.deepStrictEqual([...outcome.emitted].sort(), rowsOf(30).map(byId).sort())
    })
  )

  it.effect("by verify is given up after five readings of a list that never rests", () =>
    Effect.gen(function* () {
      let requests = 0
      const fetch = ({ page }: Pagination.PageRequest) =>
        Effect.sync(() => {
          requests++
          return Pagination.received(rowsOf(30 + requests).slice((page - 1) * 100, page * 100))
        })
      const strategy = Pagination.pageNumber({ size: 100, ends: ["emptyPage"] })
      const error = yield* Effect.flip(
        Stream.runDrain(Pagination.pages(strategy, fetch, { key: byId, verify: true }))
      )
      assert.strictEqual(error._tag, "IncompleteWalk")
      assert.include(error.message, "5 readings")
      // The server does not serve the sizes of windows, so each reading also looks behind its empty end.
      assert.isAtMost(requests, 5 * 6)
    })
  )
})
