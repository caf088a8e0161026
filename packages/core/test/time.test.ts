/**
 * Listings that are paged by the times of their rows, of which several may be the same.
 */
import { type Page, Pagination } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema, Stream } from "effect"
import { attempt, codecOf, listingOf } from "./acme.ts"
import { patient } from "./patience.ts"
import { fakeVendor, json } from "./vendor.ts"

interface Timed {
  readonly id: string
  readonly at: number
}

const Row = Schema.Struct({ id: Schema.String, at: Schema.Int })
const isRow = Schema.is(Row)
const of = (row: unknown): number | undefined => (isRow(row) ? row.at : undefined)

/** Rows whose times are these, oldest first. */
const rowsAt = (times: ReadonlyArray<number>): ReadonlyArray<Timed> =>
  times.toSorted((one, other) => one - other).map((at, index) => ({ id: `m${index}`, at }))

type Toward = Pagination.ByTime["toward"]

/** The rows that a server gives beyond a time, strictly; `limit` is the most that it serves. */
const beyond = (rows: ReadonlyArray<Timed>, toward: Toward, cursor: string | null, limit: number) => {
  const listed = toward === "past" ? rows.toReversed() : rows
  const bound = cursor === null ? null : Number(cursor)
  return listed
    .filter(({ at }) => bound === null || (toward === "past" ? at < bound : at > bound))
    .slice(0, limit)
}

interface Serving {
  readonly size?: number | null
  readonly clamp?: number
  readonly toward?: Toward
}

const pagesOf = (
  rows: ReadonlyArray<Timed>,
  { clamp = Infinity, size = 10, toward = "past" }: Serving = {},
  options: Pagination.WalkOptions<Timed> = {}
) =>
  Pagination.pages(
    Pagination.time({ size, of, toward }),
    ({ cursor, size }) =>
      Effect.succeed(Pagination.received(beyond(rows, toward, cursor, Math.min(size ?? 10, clamp)))),
    { key: ({ id }) => id, ...options }
  )

const walk = Effect.fnUntraced(function* (...args: Parameters<typeof pagesOf>) {
  const pages: Array<Page.Page<Timed>> = []
  const result = yield* patient(
    Effect.result(Stream.runForEach(pagesOf(...args), (page) => Effect.sync(() => pages.push(page))))
  )
  return {
    pages,
    ids: pages.flatMap(({ items }) => items.map(({ id }) => id)),
    completion: pages.at(-1)?.completion ?? null,
    error: result._tag === "Failure" ? result.failure : null
  }
})

const idsOf = (rows: ReadonlyArray<Timed>, toward: Toward) =>
  (toward === "past" ? rows.toReversed() : rows).map(({ id }) => id)

const between = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))
const times = Arbitrary.schema(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 }))))
const towards = Arbitrary.schema(Schema.Literals(["past", "future"]))

describe("a listing by times", () => {
  it.effect.prop(
    "is read whole and once, whichever rows share a time, or fails as tied",
    { times, size: between(1, 12), clamp: between(1, 12), toward: towards },
    ({ clamp, size, times, toward }) =>
      Effect.gen(function* () {
        const rows = rowsAt(times)
        const { completion, error, ids } = yield* walk(rows, { size, clamp, toward })
        const all = idsOf(rows, toward)
        assert.deepStrictEqual(ids, all.slice(0, ids.length))
        // One or two rows a page are not expected of a server that is asked for more.
        if (clamp <= 2 && clamp < size) return
        if (error === null) {
          assert.deepStrictEqual(ids, all)
          assert.deepInclude(completion, { proof: "emptyPage", mended: [], unverified: [] })
        } else assert.deepInclude({ ...error }, { _tag: "IncompleteWalk", kind: "tiedTimes" })
      })
  )

  it.effect("is read whole where fewer rows share a time than an answer holds", () =>
    Effect.gen(function* () {
      const rows = rowsAt(Array.from({ length: 250 }, (_, at) => Math.floor(at / 9)))
      for (const toward of ["past", "future"] as const) {
        const { completion, ids } = yield* walk(rows, { toward })
        assert.deepStrictEqual(ids, idsOf(rows, toward))
        assert.strictEqual(completion?.proof, "emptyPage")
      }
    })
  )

  it.effect.each([
    { what: "no row", times: [] },
    { what: "one row", times: [7] },
    { what: "two rows of one time", times: [7, 7] },
    { what: "a few rows, the last of one time", times: [7, 7, 7, 8] }
  ])("of $what ends", ({ times }) =>
    Effect.gen(function* () {
      const { completion, ids } = yield* walk(rowsAt(times))
      assert.strictEqual(ids.length, times.length)
      assert.strictEqual(completion?.proof, "emptyPage")
    })
  )

  it.effect.each([
    { what: "an answer holds", times: Array.from({ length: 50 }, () => 7), serving: { size: 10 } },
    {
      what: "a server that clamps serves",
      times: Array.from({ length: 50 }, () => 7),
      serving: { size: 100, clamp: 20 }
    }
  ])("with more rows of one time than $what fails by name, and its rows are good", ({ serving, times }) =>
    Effect.gen(function* () {
      const { error, ids } = yield* walk(rowsAt(times), serving)
      assert.deepInclude({ ...error }, { _tag: "IncompleteWalk", kind: "tiedTimes" })
      assert.isAtLeast(ids.length, 10)
      assert.strictEqual(new Set(ids).size, ids.length)
    })
  )

  it.effect.prop(
    "resumes from each checkpoint, and gives no row twice",
    { times, more: between(0, 15), size: between(4, 12) },
    ({ more, size, times }) =>
      Effect.gen(function* () {
        const rows = rowsAt(times)
        const { error, pages } = yield* walk(rows, { size, toward: "future" })
        if (error !== null) return
        const grown = [...rows, ...Array.from({ length: more }, (_, at) => ({ id: `n${at}`, at: 100 + at }))]
        for (const { checkpoint } of pages) {
          const rest = yield* walk(grown, { size, toward: "future" }, { from: checkpoint })
          assert.isNull(rest.error)
          // Where only rows of one time follow, the walk starts again.
          const isWhole = rest.pages[0]?.restarted !== null
          assert.deepStrictEqual(rest.ids, idsOf(grown, "future").slice(isWhole ? 0 : checkpoint.received))
        }
      })
  )
})

it.effect("a walk that resumes, and then meets rows of one time, ends", () =>
  Effect.gen(function* () {
    const rows = rowsAt([0, 1, 2, 3, 4, 5, 10, 10, 10])
    const { pages } = yield* walk(rows, { size: 4, toward: "future" })
    for (const { checkpoint } of pages.slice(0, 2)) {
      const { completion, ids } = yield* walk(rows, { size: 4, toward: "future" }, { from: checkpoint })
      assert.deepStrictEqual(ids, idsOf(rows, "future").slice(checkpoint.received))
      assert.strictEqual(completion?.proof, "emptyPage")
    }
  })
)

describe("a checkpoint behind which all rows have one time", () => {
  it.effect("is where a walk starts again, and ends whole", () =>
    Effect.gen(function* () {
      const rows = rowsAt([0, 10, 10, 10])
      const { pages } = yield* walk(rows, { size: 4, toward: "future" })
      const from = pages.at(-1)?.checkpoint
      const again = yield* walk(rows, { size: 4, toward: "future" }, { from })
      assert.strictEqual(again.pages[0]?.restarted, "3 rows after the checkpoint share one time")
      assert.deepStrictEqual(again.ids, idsOf(rows, "future"))
      assert.strictEqual(again.completion?.proof, "emptyPage")
    })
  )
})

/** A walk over answers that do not depend on what is asked. */
const answered = (...answers: ReadonlyArray<ReadonlyArray<object>>) =>
  Effect.gen(function* () {
    const vendor = fakeVendor((nth) => json(answers[nth - 1] ?? answers.at(-1) ?? []))
    const listing = listingOf(codecOf(Schema.Struct({ id: Schema.String }), "id"), {
      query: { before: "cursor", limit: "size" },
      paging: { by: "cursor", size: 10, time: { of, toward: "past" } }
    })
    const { error, items } = yield* patient(attempt(vendor, listing))
    const kind = error?.reason._tag === "IncompleteWalk" ? error.reason.kind : null
    return { kind, count: items.length, asked: vendor.seen.map(({ url }) => url.search) }
  })

describe("a server of times", () => {
  const newest = rowsAt([1, 2, 3, 4, 5, 6]).toReversed()

  it.effect("is asked for the rows before one unit after the last time", () =>
    Effect.gen(function* () {
      const { asked, count, kind } = yield* answered(newest.slice(0, 4), newest.slice(3), newest.slice(5), [])
      assert.deepStrictEqual([count, kind], [6, null])
      const places = asked.map((search) => new URLSearchParams(search).get("before"))
      assert.deepStrictEqual(places, [null, "4", "2", "1"])
    })
  )

  it.effect.each([
    { what: "gives an empty answer where others came before", answers: [newest.slice(0, 3), [], []] },
    {
      what: "leaves rows out of an answer that had room",
      answers: [newest.slice(0, 3), newest.slice(2, 3), newest.slice(3)]
    }
  ])("that $what is found out", ({ answers }) =>
    Effect.gen(function* () {
      const { count, kind } = yield* answered(...answers)
      assert.deepStrictEqual([count, kind], [3, "drift"])
    })
  )

  it.effect("that gives an empty answer once is asked again", () =>
    Effect.gen(function* () {
      const { count, kind } = yield* answered(newest.slice(0, 3), [], newest.slice(2), newest.slice(5), [])
      assert.deepStrictEqual([count, kind], [6, null])
    })
  )

  it.effect(
    "that gives an empty answer every other time is read whole, in a bounded number of requests",
    () =>
      Effect.gen(function* () {
        const rows = rowsAt(Array.from({ length: 40 }, (_, at) => at))
        let requests = 0
        const pages = Pagination.pages(
          Pagination.time({ size: 10, of, toward: "past" }),
          ({ cursor }) => {
            requests += 1
            const isEmpty = requests % 2 === 0
            return Effect.succeed(Pagination.received(isEmpty ? [] : beyond(rows, "past", cursor, 10)))
          },
          { key: ({ id }) => id }
        )
        const read = yield* Stream.runCollect(Pagination.items(pages))
        assert.deepStrictEqual(
          read.map(({ id }) => id),
          idsOf(rows, "past")
        )
        assert.isAtMost(requests, 20)
      })
  )

  it.effect.each([
    { what: "ignores the time", answers: [newest], kind: "pageIgnored" },
    { what: "runs the other way", answers: [newest.toReversed()], kind: "noProof" },
    { what: "gives a row without a time", answers: [[...newest.slice(0, 3), { id: "x" }]], kind: "noProof" },
    { what: "gives a time that is no whole number", answers: [[{ id: "x", at: 1.5 }]], kind: "noProof" }
  ])("that $what is refused", ({ answers, kind }) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* answered(...answers)).kind, kind)
    })
  )

  it.effect("whose rows have no ids is refused before the first request", () =>
    Effect.gen(function* () {
      const { error, ids } = yield* walk(rowsAt([1, 2]), {}, { key: undefined })
      assert.strictEqual(error?._tag, "InvalidRequest")
      assert.deepStrictEqual(ids, [])
    })
  )
})
