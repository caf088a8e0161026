/**
 * The source service's own functions, on a source in memory.
 */
import { type Conversation, type Page, Source, type SourceError } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"

const source = Source.fromConversations(
  [
    {
      id: "a",
      messages: [
        { role: "user", text: "Where is my order?" },
        { role: "assistant", text: "On its way." },
        { role: "user", text: "Thanks" }
      ]
    },
    { id: "b", messages: [] }
  ],
  { pageSize: 2 }
)

const told = ({ account, conversationId, operation, reason, vendor }: SourceError) => ({
  vendor,
  account,
  conversationId,
  operation,
  reason: reason._tag
})

describe("a source in memory", () => {
  it.effect("reads each conversation to a proven end", () =>
    Effect.gen(function* () {
      const pages = yield* Stream.runCollect(source.messagePages({ conversationId: "a" }))
      assert.deepStrictEqual(
        pages.flatMap(({ items }) => items.map(({ id, position, text }) => [id, position, text])),
        [
          ["0", 0, "Where is my order?"],
          ["1", 1, "On its way."],
          ["2", 2, "Thanks"]
        ]
      )
      assert.strictEqual(pages.at(-1)?.completion?.proof, "noNext")
    })
  )

  it.effect("says in its errors which conversation was read, as vendors' sources do", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "gone" })))
      assert.deepStrictEqual(told(gone), {
        vendor: "memory",
        account: "default",
        conversationId: "gone",
        operation: "Memory.messages",
        reason: "NotFound"
      })
      const cut = source.messagePages({ conversationId: "a", maxPages: 1 })
      const walk = yield* Effect.flip(Stream.runDrain(cut))
      assert.deepInclude(told(walk), {
        conversationId: "a",
        operation: "Memory.messages",
        reason: "IncompleteWalk"
      })
      const list = yield* Effect.flip(Stream.runDrain(source.conversationPages({ concurrency: 0 })))
      assert.isFalse("conversationId" in list)
    })
  )

  it.effect("resumes a conversation by its checkpoint, and no other one", () =>
    Effect.gen(function* () {
      const read = (conversationId: string, from?: Page.Page<unknown>["checkpoint"]) =>
        Stream.runCollect(source.messagePages({ conversationId, from }))
      const [first] = yield* read("a")
      const [resumed] = yield* read("a", first?.checkpoint)
      assert.deepStrictEqual(
        resumed?.items.map(({ id }) => id),
        ["2"]
      )
      const [other] = yield* read("b", first?.checkpoint)
      assert.include(other?.restarted, "another listing")
    })
  )
})

describe("a history", () => {
  it.effect("has the messages of every conversation, page by page", () =>
    Effect.gen(function* () {
      const pages = yield* Stream.runCollect(Source.historyPages(source))
      assert.deepStrictEqual(
        pages.map(({ completion, items }) => [items.length, completion?.count ?? null]),
        [
          [2, null],
          [1, 3],
          [0, 0]
        ]
      )
    })
  )

  it.effect("leaves out no conversation: a list with a row that cannot be decoded fails", () =>
    Effect.gen(function* () {
      const asked: Array<string | undefined> = []
      const conversationPages = (
        read: Parameters<typeof source.conversationPages>[0]
      ): Stream.Stream<Page.Page<Conversation>, SourceError> => {
        asked.push(read?.undecodable)
        return source.conversationPages(read)
      }
      const messagePages: typeof source.messagePages = (read) => {
        asked.push(read.undecodable)
        return source.messagePages(read)
      }
      yield* Stream.runDrain(
        Source.historyPages({ ...source, conversationPages, messagePages }, { undecodable: "keep" })
      )
      assert.deepStrictEqual(asked, ["fail", "keep", "keep"])
    })
  )
})
