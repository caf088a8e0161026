import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import { type MemoryConversation, Source, type SourceService } from "@colloquy/core"
import { Corpus, Emulator, EmulatorServer, Faults } from "@colloquy/emulator"
import { Gptbots } from "@colloquy/gptbots"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { everything, inProcess, listsOfMessages, readEverything, settle, token } from "./support.ts"

const at = (second: number) => `2026-11-25T12:00:${String(second).padStart(2, "0")}Z`

const citations = [{ title: "Parcels", url: "https://help.example.com/parcels", kind: "webpage" }]
const attachments = [{ kind: "image", url: "https://files.example.com/map.png", name: "map.png", size: 7 }]

/** A conversation with more messages than fit on a page, one without any, and one with ids that are no numbers. */
const fixtures: ReadonlyArray<MemoryConversation> = [
  {
    id: "7",
    createdAt: at(0),
    messages: Array.from({ length: 33 }, (_, index) => ({
      id: String(100 + index),
      role: index % 2 === 0 ? "user" : "assistant",
      text: `Line ${index}`,
      createdAt: at(index)
    }))
  },
  { id: "8", messages: [] },
  {
    id: "web|9 ü",
    channel: "WIDGET",
    summary: "A lost parcel",
    messages: [
      { role: "user", text: "Where is it?" },
      {
        id: "answer",
        role: "assistant",
        text: "Here.",
        feedback: "positive",
        citations,
        attachments
      },
      { role: "system", text: "closed" }
    ]
  }
]

const credential = { token: Redacted.make(token), baseUrl: "http://127.0.0.1" }

/** Every message of a source. */
const historyOf = (source: SourceService) =>
  Effect.map(Stream.runCollect(Source.historyPages(source)), (pages) => pages.flatMap(({ items }) => items))

/** The messages of the third conversation. */
const lost = (source: SourceService) =>
  Effect.map(historyOf(source), (all) => all.filter(({ conversationId }) => conversationId === "web|9 ü"))

describe("fixtures", () => {
  it.effect.each(["", "503@every:3,429@every:7", "cut@every:4,clamp=4"])(
    "are what every reader of every vendor gives, with faults %j",
    (text) =>
      Effect.gen(function* () {
        const faults = yield* Faults.parse(text)
        yield* Effect.gen(function* () {
          const { emulated } = yield* Emulator
          const truth = everything(emulated)
          assert.deepStrictEqual(yield* yield* settle(readEverything()), truth)
          for (const { corpus, readers, vendor } of Object.values(emulated)) {
            assert.strictEqual(corpus.conversationIds.length, listsOfMessages.includes(vendor) ? 2 : 3)
            for (const reader of readers) assert.strictEqual(reader.messages("7")?.length, 33)
          }
        }).pipe(Effect.provide(inProcess({ fixtures, faults })))
      })
  )

  it.effect.each(Corpus.Vendor.literals)("have their roles, texts and times at %s", (vendor) =>
    Effect.gen(function* () {
      const [reader] = (yield* Emulator).emulated[vendor].readers
      if (reader === undefined) return yield* Effect.die("a vendor has no reader")
      const source = yield* reader.source({ ...credential, since: 0, until: 4_000_000_000_000 })
      const messages = yield* Stream.runCollect(Source.messages({ conversationId: "7" })).pipe(
        Effect.provideService(Source, source)
      )
      const said = fixtures[0]?.messages ?? []
      const given = source.messageOrder === "newestFirst" ? said.toReversed() : said
      // A vendor has these for all messages and conversations, or for none.
      const hasTimes = messages.some(({ createdAt }) => createdAt !== null)
      const hasIds = messages.some(({ idOrigin }) => idOrigin === "vendor")
      assert.deepStrictEqual(
        messages.map(({ createdAt, role, text }) => [role, text, createdAt?.replace(".000", "")]),
        given.map(({ createdAt, role, text }) => [role, text, hasTimes ? createdAt : undefined])
      )
      if (hasIds)
        assert.deepStrictEqual(
          messages.map(({ id }) => id),
          given.map(({ id }) => id)
        )
      const conversations = yield* Stream.runCollect(source.conversationPages())
      const counts = conversations.flatMap(({ items }) =>
        items.map(({ id, messageCount }) => [id, messageCount])
      )
      const isCounted = counts.some(([, count]) => count !== null)
      const count = (messages: number) => (isCounted ? messages : null)
      assert.sameDeepMembers(counts, [
        ["7", count(33)],
        ...(listsOfMessages.includes(vendor) ? [] : [["8", count(0)]]),
        ["web|9 ü", count(3)]
      ])
    }).pipe(Effect.provide(inProcess({ fixtures })))
  )

  it.effect("have what a vendor has fields for", () =>
    Effect.gen(function* () {
      const [, chatling] = yield* lost(yield* Chatling.source({ ...credential, chatbotId: "demo-chatbot" }))
      assert.deepInclude(chatling, {
        id: "answer",
        feedback: "positive",
        citations
      })
      const [, gptbots] = yield* lost(yield* Gptbots.source({ ...credential, api: "v2" }))
      assert.deepInclude(gptbots, {
        id: "answer",
        text: "Here.",
        feedback: "positive",
        attachments
      })
      const botuj = yield* lost(yield* Botuj.source(credential))
      assert.deepStrictEqual(
        botuj.map(({ id, role }) => [id, role]),
        [
          ["0", "user"],
          ["answer", "assistant"],
          ["2", "assistant"]
        ]
      )
    }).pipe(Effect.provide(inProcess({ fixtures })))
  )

  it.effect("change by the faults that insert, append and remove", () =>
    Effect.gen(function* () {
      const faults = yield* Faults.parse("append@first:2/botuj")
      yield* Effect.gen(function* () {
        const source = yield* Botuj.source(credential)
        const [page] = yield* Stream.runCollect(source.messagePages({ conversationId: "8" }))
        assert.deepStrictEqual(
          page?.items.map(({ text }) => text),
          ["Message 0"]
        )
        assert.strictEqual((yield* Emulator).corpus.botuj.messages("7")?.length, 35)
      }).pipe(Effect.provide(inProcess({ fixtures, faults })))
    })
  )

  it.effect("that a vendor cannot have die with the vendor's listing and why", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Emulator.make({ fixtures: [{ id: "", messages: [] }] }))
      assert.match(
        Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "",
        /a fixture cannot be a row of OpenCopilot\.conversations/
      )
    })
  )

  it.live("are served on a socket", () =>
    Effect.gen(function* () {
      const { baseUrl } = yield* EmulatorServer
      const source = yield* Chatling.source({ ...credential, baseUrl, chatbotId: "demo-chatbot" })
      assert.strictEqual((yield* historyOf(source)).length, 36)
    }).pipe(Effect.provide([EmulatorServer.layer({ fixtures }), FetchHttpClient.layer]))
  )
})
