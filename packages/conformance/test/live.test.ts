/**
 * Every check of a real server fails on a double that breaks its rule. The server here is a list in memory; the
 * emulator's tests run the same suite over sockets.
 */
import { Conformance, type LiveServer, liveRules, Violation, type Wanted } from "@colloquy/conformance"
import { liveChecks } from "@colloquy/conformance/live/checks"
import { make } from "@colloquy/conformance/live/LiveSession"
import {
  type MemoryMessage,
  type Message,
  Page,
  Source,
  SourceError,
  type SourceService,
  Unauthorized
} from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

type Server = LiveServer<never>

/** A server in memory. `seen` changes the source that reads it. */
const memory = (seen: (source: SourceService) => SourceService = (source) => source): Server => {
  const conversations = new Map<string, ReadonlyArray<MemoryMessage & { readonly id: string }>>()
  const add = (id: string, messages: ReadonlyArray<Wanted>) => {
    const before = conversations.get(id) ?? []
    const rows = messages.map(({ role, text }, index) => ({ role, text, id: String(before.length + index) }))
    conversations.set(id, [...before, ...rows])
    return rows
  }
  const now = () =>
    seen(
      Source.fromConversations(
        [...conversations].map(([id, messages]) => ({ id, messages })),
        { pageSize: 10 }
      )
    )
  // Each read is of the conversations of its time.
  const source: SourceService = {
    ...now(),
    messagePages: (read) => Stream.suspend(() => now().messagePages(read)),
    conversationPages: (read) => Stream.suspend(() => now().conversationPages(read))
  }
  return {
    source: () => Effect.succeed(source),
    write: (messages) =>
      Effect.sync(() => {
        const id = String(conversations.size + 1)
        return { id, messages: add(id, messages) }
      }),
    append: (id, messages) => Effect.sync(() => add(id, messages)),
    remove: (id, index) =>
      Effect.sync(() => {
        conversations.set(
          id,
          (conversations.get(id) ?? []).filter((_, each) => each !== index)
        )
      }),
    unknown: { id: "no-such", gives: "NotFound" },
    refused: Effect.succeed(Source.fromConversations([]))
  }
}

/** The server, with a token that is refused. */
const sound = (seen?: (source: SourceService) => SourceService): Server => ({
  ...memory(seen),
  refused: Effect.succeed({ ...Source.fromConversations([]), conversationPages: () => refusal })
})

const refusal = Stream.fail(
  new SourceError({
    vendor: "memory",
    operation: "Memory.conversations",
    reason: new Unauthorized({ status: 401, code: null, vendorMessage: null })
  })
)

/** Changes each page of messages. */
const onPages = (change: (page: Page.Page<Message>) => Page.Page<Message>) =>
  sound((source) => ({ ...source, messagePages: (read) => Stream.map(source.messagePages(read), change) }))

let readings = 0

const doubles: Readonly<Record<keyof typeof liveRules, readonly [fault: string, server: Server]>> = {
  liveRead: [
    "a source that loses a row of each page",
    onPages((page) => ({ ...page, items: page.items.slice(1) }))
  ],
  liveResume: [
    "a source that forgets its checkpoint",
    sound((source) => ({
      ...source,
      messagePages: (read) => source.messagePages({ ...read, from: undefined })
    }))
  ],
  liveSync: [
    "a source that gives other texts each time",
    onPages((page) =>
      Page.map(page, (message) => ({ ...message, text: `${message.text} ${(readings += 1)}` }))
    )
  ],
  liveGrowth: [
    "a server that forgets what was added",
    { ...sound(), append: (_, messages) => Effect.succeed(messages) }
  ],
  liveRemoval: [
    "a source that loses a row of each page",
    onPages((page) => ({ ...page, items: page.items.slice(1) }))
  ],
  liveUnknown: [
    "a source that takes an unknown conversation for an empty one",
    sound((source) => ({
      ...source,
      messagePages: (read) => (read.conversationId === "no-such" ? Stream.empty : source.messagePages(read))
    }))
  ],
  liveRefused: ["a server that accepts every token", memory()]
}

const sizes = { large: [35], small: 3, pageSizes: [] }
const sessionOf = (server: Server) => Effect.provide(make("Memory", server, sizes), FetchHttpClient.layer)

describe("a check of a real server", () => {
  it("is there for each rule, in its order", () => {
    assert.deepStrictEqual(
      liveChecks.map(({ rule }) => rule),
      Object.keys(liveRules)
    )
  })

  for (const { rule, run } of liveChecks) {
    const [fault, server] = doubles[rule]
    it.live(`${rule} holds on a sound server`, () => Effect.flatMap(sessionOf(sound()), run))
    it.live(`${rule} fails on ${fault}`, () =>
      Effect.gen(function* () {
        const violation = yield* Effect.flip(run(yield* sessionOf(server)))
        assert.instanceOf(violation, Violation)
        assert.include(violation.message, `Memory breaks the rule ${rule}: ${liveRules[rule]}.\n`)
      })
    )
  }
})

let connections = 0

Conformance.live({
  title: "Memory",
  connect: Effect.sync(() => ({ ...sound(), connection: (connections += 1) })),
  ...sizes,
  more: {
    "and tests of one's own have its server and what was written": ({ connection }, written) =>
      Effect.sync(() => {
        assert.strictEqual(connection, 1)
        assert.deepStrictEqual(
          written.map(({ messages }) => messages.length),
          [35, 1, 2, 3]
        )
      })
  }
})
