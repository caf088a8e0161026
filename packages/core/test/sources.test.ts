/**
 * Sources as values: in memory, and several at once.
 */
import { Source } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"

const chats = (...ids: ReadonlyArray<string>) =>
  ids.map((id) => ({
    id,
    messages: Array.from({ length: 5 }, (_, at) => ({
      role: at % 2 === 0 ? ("user" as const) : ("assistant" as const),
      text: `${id} ${at}`
    }))
  }))

const texts = <E>(messages: Stream.Stream<{ readonly items: ReadonlyArray<{ readonly text: string }> }, E>) =>
  Effect.map(Stream.runCollect(messages), (pages) =>
    pages.flatMap(({ items }) => items.map(({ text }) => text))
  )

describe("a source in memory", () => {
  it.effect("gives its conversations and messages, page by page, and ends on a proof", () =>
    Effect.gen(function* () {
      const source = Source.fromConversations(chats("a", "b"), { pageSize: 2 })
      const list = yield* Stream.runCollect(source.conversationPages())
      assert.deepStrictEqual(
        list.flatMap(({ items }) => items.map(({ id, messageCount }) => [id, messageCount])),
        [
          ["a", 5],
          ["b", 5]
        ]
      )
      const pages = yield* Stream.runCollect(source.messagePages({ conversationId: "b" }))
      assert.deepStrictEqual(
        pages.map(({ items }) => items.length),
        [2, 2, 1]
      )
      assert.deepInclude(pages.at(-1)?.completion, { proof: "noNext", count: 5, unverified: [] })
      assert.deepStrictEqual(yield* texts(Stream.fromIterable(pages)), ["b 0", "b 1", "b 2", "b 3", "b 4"])
    })
  )

  it.effect("goes on from a checkpoint, and fails for a conversation that is not there", () =>
    Effect.gen(function* () {
      const source = Source.fromConversations(chats("a"), { pageSize: 2, account: "eu" })
      const [first] = yield* Stream.runCollect(Stream.take(source.messagePages({ conversationId: "a" }), 1))
      const rest = yield* texts(source.messagePages({ conversationId: "a", from: first?.checkpoint }))
      assert.deepStrictEqual(rest, ["a 2", "a 3", "a 4"])
      const error = yield* Effect.flip(Stream.runDrain(source.messagePages({ conversationId: "no" })))
      assert.deepInclude({ ...error }, { vendor: "memory", account: "eu", operation: "Memory.messages" })
      assert.strictEqual(error.reason._tag, "NotFound")
    })
  )

  it.effect("is a layer for a program that reads one source", () =>
    Effect.gen(function* () {
      const messages = yield* Stream.runCollect(Source.messages({ conversationId: "a" }))
      assert.deepStrictEqual(
        messages.map(({ id, position, role, text }) => [id, position, role, text]).at(1),
        ["1", 1, "assistant", "a 1"]
      )
    }).pipe(Effect.provide(Source.layerConversations(chats("a"))))
  )
})

describe("sources of several vendors and accounts", () => {
  it.effect("are read and merged in one program, each message with its vendor and account", () =>
    Effect.gen(function* () {
      const one = Source.fromConversations(chats("a"), { vendor: "one" })
      const two = Source.fromConversations(chats("a", "b"), { vendor: "two", account: "eu" })
      const pages = yield* Stream.runCollect(Stream.merge(Source.historyPages(one), Source.historyPages(two)))
      const owners = pages.flatMap(({ items }) => items.map(({ account, vendor }) => `${vendor} ${account}`))
      assert.deepStrictEqual(
        ["one default", "two eu"].map((owner) => owners.filter((each) => each === owner).length),
        [5, 10]
      )
    })
  )

  it.effect("are one under a tag: the last layer wins, which is why no program gives two", () =>
    Effect.gen(function* () {
      const { vendor } = yield* Source
      assert.strictEqual(vendor, "two")
    }).pipe(
      Effect.provide(
        Layer.mergeAll(
          Source.layerConversations(chats("a"), { vendor: "one" }),
          Source.layerConversations(chats("a"), { vendor: "two" })
        )
      )
    )
  )
})
