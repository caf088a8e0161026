import { Archive, type ArchiveError, type ReadSession } from "@colloquy/archive"
import { Conversation, Message, type Page } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema, Stream } from "effect"
import { databases, onFresh } from "./databases.ts"
import * as Pages from "./pages.ts"
import { holds } from "./properties.ts"

const messages = Arbitrary.schema(Schema.Array(Message))
const conversations = Arbitrary.schema(Schema.Array(Conversation))

/** As JSON has it: without a negative zero. */
const asJson = <A>(value: A): A => JSON.parse(JSON.stringify(value))

const odd = [
  "",
  "\0",
  "a\0b",
  "\uD800",
  "\uDC00x",
  "x\uDBFF",
  "é😀",
  "'; DROP TABLE messages; --",
  '\u2028\n\t\\"'
]

const oddMessages = (conversationId: string): ReadonlyArray<Message> =>
  odd.map((text, at) => ({
    ...Pages.message(conversationId, text, at),
    text,
    userId: text,
    parentId: text,
    kind: text,
    citations: [{ title: text, url: null, kind: text }],
    attachments: [{ kind: text, url: text, name: null, size: 0.1 }],
    extra: { [text]: [text, { deep: [null, true, 1e300, -7.25, text] }], __proto: {} }
  }))

/** Writes messages as one page, and reads them back. */
const roundTrip = Effect.fnUntraced(function* (
  conversation: Conversation,
  given: ReadonlyArray<Message>
): Effect.fn.Return<
  readonly [ReadSession.Written, ReadonlyArray<Message>],
  ArchiveError.ArchiveError,
  Archive
> {
  const archive = yield* Archive
  const session = yield* archive.sessions.open(conversation, { want: "full" })
  if (session === undefined) return yield* Effect.die("forgotten")
  const page: Page.Page<Message> = Pages.last(given)
  const written = yield* session.write(page)
  const { id, vendor, account } = conversation
  const read = yield* Stream.runCollect(archive.messages({ vendor, account, conversationId: id }))
  return [written, read]
})

const distinct = (
  given: ReadonlyArray<Message>,
  { account, id, vendor }: Conversation
): ReadonlyArray<Message> => [
  ...new Map(given.map((each) => [each.id, { ...each, vendor, account, conversationId: id }])).values()
]

describe.each(databases)("what is written to $name", (database) => {
  it.effect("comes back equal, however odd its texts and ids are", () =>
    Effect.gen(function* () {
      for (const id of odd) {
        const conversation = { ...Pages.conversation(id), summary: id, extra: { [id]: id } }
        const given = oddMessages(id)
        const [written, read] = yield* roundTrip(conversation, given)
        assert.strictEqual(written.added, given.length)
        assert.deepStrictEqual(read, given)
      }
      const archive = yield* Archive
      const stored = yield* Stream.runCollect(archive.conversations())
      assert.deepStrictEqual(
        stored.map(({ id }) => id),
        odd
      )
    }).pipe(onFresh(database))
  )

  it.effect("comes back equal, whatever the messages are", () =>
    Effect.gen(function* () {
      let number = 0
      yield* holds(messages, 60, (some) =>
        Effect.gen(function* () {
          const conversation = Pages.conversation(`c${++number}`)
          const given = distinct(some, conversation)
          const [, read] = yield* roundTrip(conversation, given)
          assert.deepStrictEqual(read, asJson(given))
        })
      )
    }).pipe(onFresh(database))
  )

  it.effect("comes back equal, whatever the conversations are", () =>
    Effect.gen(function* () {
      const archive = yield* Archive
      let number = 0
      yield* holds(conversations, 60, (some) =>
        Effect.gen(function* () {
          const vendor = `v${++number}`
          const account = "a"
          const run = yield* archive.runs.begin({ vendor, account, listFilter: "{}", kind: "incremental" })
          const given = [...new Map(some.map((each) => [each.id, { ...each, vendor, account }])).values()]
          // Twice over, as a list that moved has them.
          yield* archive.runs.list({ vendor, account, page: Pages.last([...given, ...given]), run })
          yield* archive.runs.list({ vendor, account, page: Pages.last(given), run })
          const read = yield* Stream.runCollect(archive.conversations({ vendor }))
          assert.deepStrictEqual(read, asJson(given))
        })
      )
    }).pipe(onFresh(database))
  )

  it.effect("is read in pages, in the order of the listing, gone messages only when asked for", () =>
    Effect.gen(function* () {
      const conversation = Pages.conversation("long")
      const given = Array.from({ length: 2500 }, (_, at) => Pages.message("long", `m${at}`, at))
      const [written, read] = yield* roundTrip(conversation, given)
      assert.strictEqual(written.added, 2500)
      assert.deepStrictEqual(read, given)
    }).pipe(onFresh(database))
  )

  it.effect("takes a row that comes twice in one page once, as it was last", () =>
    Effect.gen(function* () {
      const conversation = Pages.conversation("twice")
      const first = Pages.message("twice", "m", 0)
      const [written] = yield* roundTrip(conversation, [first, { ...first, text: "later" }])
      assert.strictEqual(written.added, 1)
      const [again, read] = yield* roundTrip(conversation, [first, { ...first, text: "last" }])
      assert.strictEqual(again.added, 0)
      assert.deepStrictEqual(
        read.map(({ text }) => text),
        ["last"]
      )
    }).pipe(onFresh(database))
  )
})
