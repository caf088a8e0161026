import { Note, Page } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { byId, completionOf, rowsOf, serve, serveRows, walkOffsets, walkPages } from "./listing.ts"

/** Words are a contract: they are what `unverified` and `mended` always were. */
const words: ReadonlyArray<{ readonly note: Note.Note; readonly says: string }> = [
  {
    note: { _tag: "Clamped", served: 50, asked: 100 },
    says: "the server serves 50 rows a page where 100 were asked"
  },
  {
    note: { _tag: "Moved", times: 3 },
    says: "the listing moved 3 times while it was read, and was found again"
  },
  { note: { _tag: "CameAgain", rows: 4 }, says: "4 rows came again, and were left out" },
  {
    note: { _tag: "OddSizes" },
    says: "the server does not serve the sizes that would let its pages overlap"
  },
  {
    note: { _tag: "UnseenDrift", cause: "removal" },
    says: "drift: a row removed between two requests hides another, unseen"
  },
  {
    note: { _tag: "UnseenDrift", cause: "removalAndInsertion" },
    says: "drift: a row removed and another added between two requests leave the total as it was, and may hide a third"
  },
  {
    note: { _tag: "UnseenDrift", cause: "equalRows" },
    says: "drift: without ids, a move within a run of equal rows cannot be seen"
  },
  {
    note: { _tag: "UnseenDrift", cause: "growthAtHead" },
    says: "drift: without ids, a list that grows at its head repeats rows"
  },
  {
    note: { _tag: "UnseenDrift", cause: "placeTokens" },
    says: "drift: a token may stand for a place in the list, so that a row removed between two requests hides another"
  },
  {
    note: { _tag: "UnseenDrift", cause: "fetchedAhead" },
    says: "drift: pages were fetched ahead, so that a row inserted meanwhile may have hidden another"
  },
  {
    note: { _tag: "UnseenDrift", cause: "oldTotal" },
    says: "drift: the vendor gave its total on an earlier page only"
  },
  {
    note: { _tag: "UnseenDrift", cause: "fewerThanTotal" },
    says: "drift: fewer rows came than the vendor counts"
  },
  {
    note: { _tag: "UnseenDrift", cause: "movedToFront" },
    says: "drift: a row that was not yet read may have moved in front of the place that was being read"
  },
  { note: { _tag: "Stated", text: "of the author" }, says: "of the author" },
  {
    note: { _tag: "EmptyPages", pages: 2 },
    says: "2 of the pages came empty in the middle of the listing"
  },
  {
    note: { _tag: "MoreThanTotal", received: 25, total: 7 },
    says: "25 rows came where the vendor counts 7"
  },
  {
    note: { _tag: "UndocumentedRefusal" },
    says: "the vendor refused what lies behind the last row, in a way that its documents do not describe"
  },
  {
    note: { _tag: "Uncounted" },
    says: "all rows came in one answer that does not count them, so that rows left out do not show"
  }
]

const Stored = Schema.fromJsonString(Page.Completion)

describe("a note", () => {
  it.each(words)("says: $says", ({ note, says }) => {
    assert.strictEqual(Note.words(note), says)
  })

  it("is there for each tag and each cause", () => {
    const tags = words.map(({ note }) => (note._tag === "UnseenDrift" ? note.cause : note._tag))
    const all = Note.Note.members.map(({ fields }) => fields._tag.schema.literal)
    const others = all.filter((tag) => tag !== "UnseenDrift")
    assert.deepStrictEqual(tags.toSorted(), [...others, ...Note.DriftCause.literals].toSorted())
  })

  it("is either of what was mended or of what could not be verified, in its order", () => {
    const notes = words.map(({ note }) => note)
    const { mended, unverified } = Note.inWords(notes)
    assert.deepStrictEqual(
      [...mended, ...unverified],
      words.map(({ says }) => says)
    )
    assert.strictEqual(mended.length, 4)
  })
})

describe("a completion", () => {
  const old = {
    proof: "emptyPage",
    count: 15,
    pages: 3,
    claimed: { total: null, lastPage: null, listed: null },
    verified: false,
    mended: [],
    unverified: ["drift: without ids, a move within a run of equal messages cannot be seen"]
  } as const

  it.effect("that was stored before there were notes is read, its words as they were", () =>
    Effect.gen(function* () {
      const read = yield* Schema.decodeEffect(Stored)(JSON.stringify(old))
      assert.deepStrictEqual(read, { ...old, notes: [] })
    })
  )

  it.effect("is stored with its notes", () =>
    Effect.gen(function* () {
      const now: Page.Completion = { ...old, ...Note.inWords(words.map(({ note }) => note)) }
      assert.deepStrictEqual(yield* Schema.decodeEffect(Stored)(JSON.stringify(now)), now)
      assert.deepStrictEqual(yield* Schema.decodeEffect(Stored)(yield* Schema.encodeEffect(Stored)(now)), now)
    })
  )
})

describe("a walk notes", () => {
  const tagged = [
    {
      what: "a clamp, and what pages without ids hide",
      walk: () =>
        walkPages(serveRows("page", rowsOf(45), { clamp: 20, total: () => 45 }), ["total"], { size: 30 }),
      notes: [
        { _tag: "Clamped", served: 20, asked: 30 },
        { _tag: "UnseenDrift", cause: "removalAndInsertion" },
        { _tag: "UnseenDrift", cause: "growthAtHead" }
      ]
    },
    {
      what: "nothing of a listing that hides nothing",
      walk: () => walkOffsets(serveRows("offset", rowsOf(25)), ["emptyPage"], { key: byId }),
      notes: []
    },
    {
      what: "equal rows of offsets without ids",
      walk: () => walkOffsets(serveRows("offset", rowsOf(25)), ["emptyPage"]),
      notes: [{ _tag: "UnseenDrift", cause: "equalRows" }]
    },
    {
      what: "more rows than are counted",
      walk: () =>
        walkOffsets(serveRows("offset", rowsOf(25), { total: () => 7 }), ["emptyPage"], { key: byId }),
      notes: [{ _tag: "MoreThanTotal", received: 25, total: 7 }]
    },
    {
      what: "a move that it followed",
      walk: () => {
        const rows = (nth: number) => (nth < 2 ? rowsOf(25) : rowsOf(22, 3))
        return walkOffsets(serve({ paging: "offset", rows }), ["emptyPage"], { key: byId })
      },
      notes: [{ _tag: "Moved", times: 1 }]
    },
    {
      what: "nothing that could not be verified, where two readings agree",
      walk: () =>
        walkPages(serveRows("page", rowsOf(45), { clamp: 20, total: () => 45 }), ["total"], {
          size: 30,
          verify: true
        }),
      notes: [{ _tag: "Clamped", served: 20, asked: 30 }]
    }
  ] as const

  it.effect.each(tagged)("$what", ({ notes, walk }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(completionOf(yield* walk())?.notes, notes)
    })
  )
})
