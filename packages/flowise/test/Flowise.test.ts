/**
 * What is Flowise's own: messages as Flowise 3.1.4 gives them, sessions made of them, and what it cannot be asked for.
 */
import { Flowise } from "@colloquy/flowise"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

const row = (id: string, sessionId: string | null, createdDate: string, more: object = {}) => ({
  id,
  role: "userMessage",
  content: `Text of ${id}`,
  chatType: "EXTERNAL",
  chatId: "chat",
  sessionId,
  createdDate,
  ...more
})

const rows = [
  row("m-1", "s-1", "2026-11-25T17:09:18.854Z"),
  row("m-2", "s-1", "2026-11-25T17:09:18.883Z", {
    role: "apiMessage",
    sourceDocuments: [
      { pageContent: "…", metadata: { source: "https://example.org/a", title: "A" } },
      { pageContent: "…", metadata: { source: "a.pdf" } }
    ],
    feedback: { id: "f-1", rating: "THUMBS_UP", content: "nice" }
  }),
  row("m-3", null, "2026-11-25T17:09:19.000Z", {
    fileUploads: [{ type: "url", name: "b.png", data: "https://example.org/b.png" }]
  }),
  row("m-4", "s-1", "2026-11-25T17:09:20.000Z")
]

const answerTo = (asked: URLSearchParams) => {
  const sessionId = asked.get("sessionId")
  return Response.json(rows.filter((each) => sessionId === null || each.sessionId === sessionId))
}

/** Flowise's server with these messages. */
const flowise = () => {
  const asked: Array<URLSearchParams> = []
  const client = HttpClient.make((request, { searchParams }) => {
    asked.push(searchParams)
    return Effect.succeed(HttpClientResponse.fromWeb(request, answerTo(searchParams)))
  })
  const source = Flowise.source({ flowId: "f", token: Redacted.make("key") })
  return { asked, source: Effect.orDie(Effect.provideService(source, HttpClient.HttpClient, client)) }
}

const messages = Effect.fnUntraced(function* (
  { source }: ReturnType<typeof flowise>,
  conversationId: string
) {
  const pages = yield* Stream.runCollect((yield* source).messagePages({ conversationId }))
  return pages.flatMap(({ items }) => items)
})

describe("Flowise", () => {
  it.effect("gives the messages of a session, with ratings and what they were made from", () =>
    Effect.gen(function* () {
      const server = flowise()
      const [first, second, third] = yield* messages(server, "s-1")
      assert.deepInclude(first, { id: "m-1", role: "user", createdAt: "2026-11-25T17:09:18.854Z" })
      assert.deepInclude(second, { role: "assistant", feedback: "positive" })
      assert.deepStrictEqual(second?.citations, [
        { kind: null, title: "A", url: "https://example.org/a" },
        { kind: null, title: null, url: null }
      ])
      assert.strictEqual(third?.id, "m-4")
      const [asked] = server.asked.map((each) => Object.fromEntries(each))
      assert.deepStrictEqual(asked, { sessionId: "s-1", order: "ASC", feedback: "true" })
    })
  )

  it.effect("has the sessions that its messages name, and those of old messages by their chat", () =>
    Effect.gen(function* () {
      const { source } = flowise()
      const [page] = yield* Stream.runCollect((yield* source).conversationPages())
      assert.deepStrictEqual(
        page?.items.map((each) => [each.id, each.messageCount, each.createdAt, each.updatedAt]),
        [
          ["s-1", 3, "2026-11-25T17:09:18.854Z", "2026-11-25T17:09:20.000Z"],
          ["chat", 1, "2026-11-25T17:09:19.000Z", "2026-11-25T17:09:19.000Z"]
        ]
      )
      assert.strictEqual(page?.completion?.proof, "oneAnswer")
      const conversation = page?.items[1]
      const old = (yield* source).messagePages({ conversationId: "chat", conversation })
      const { reason } = yield* Effect.flip(Stream.runDrain(old))
      assert.deepInclude(reason, { _tag: "IncompleteWalk", kind: "contradictedEmpty" })
    })
  )

  it.effect.each(["a&b", "a<b", "a>b", ""])(
    "is not asked for the session %j, which it would take for others",
    (id) =>
      Effect.gen(function* () {
        const server = flowise()
        const { reason } = yield* Effect.flip(messages(server, id))
        assert.strictEqual(reason._tag, "InvalidRequest")
        assert.strictEqual(server.asked.length, 0)
      })
  )
})
