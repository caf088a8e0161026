import { Botuj } from "@colloquy/botuj"
import { Chatling, Mapping } from "@colloquy/chatling"
import { type Conversation, type Message, Page, Source, type SourceService } from "@colloquy/core"
import { Corpus, Emulator, Faults, Rows } from "@colloquy/emulator"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import { always, token } from "./support.ts"

const credential = { token: Redacted.make(token), baseUrl: "http://127.0.0.1" }
const paged = { ...credential, pageSize: 20 }
const chatbotId = "demo-chatbot"

/** Every kind of source, by the vendor whose corpus it reads and the fields that a malformed record has wrong. */
const sources = {
  "OpenCopilot, a bot": {
    vendor: "opencopilot",
    layer: OpenCopilot.layerSource({ ...paged, botId: "demo-bot" }),
    message: "from",
    conversation: "conversation_id"
  },
  "OpenCopilot, an organization": {
    vendor: "opencopilot",
    layer: OpenCopilot.layerSource({
      ...paged,
      botId: "demo-bot",
      organizationId: "demo-organization"
    }),
    message: "from",
    conversation: "id"
  },
  Chatling: {
    vendor: "chatling",
    layer: Chatling.layerSource({ ...credential, chatbotId }),
    message: "role",
    conversation: "id"
  },
  "Chatling, newest first": {
    vendor: "chatling",
    layer: Chatling.layerSource({ ...credential, chatbotId, sort: "date_desc" }),
    message: "role",
    conversation: "id"
  },
  Botuj: { vendor: "botuj", layer: Botuj.layerSource(paged), message: "id", conversation: "id" },
  "GPTBots, v1": {
    vendor: "gptbots",
    layer: Gptbots.layerSource({ ...paged, ...always }),
    message: "message_id",
    conversation: "conversation_id"
  },
  "GPTBots, v2": {
    vendor: "gptbots",
    layer: Gptbots.layerSource({ ...paged, ...always, api: "v2" }),
    message: "message_id",
    conversation: "conversation_id"
  }
} as const

type Kind = (typeof sources)[keyof typeof sources]

/** Runs with a source over an emulator with these faults. */
const reading = Effect.fnUntraced(function* <A, E>(
  { layer, vendor }: Kind,
  faults: string,
  read: (
    source: SourceService,
    own: Corpus.Corpus[Corpus.Vendor],
    corpus: Corpus.Corpus
  ) => Effect.Effect<A, E>
) {
  const emulator = Emulator.layer({ conversations: 45, messages: 700, faults: yield* Faults.parse(faults) })
  return yield* Effect.gen(function* () {
    const { corpus } = yield* Emulator
    return yield* read(yield* Source, corpus[vendor], corpus)
  }).pipe(
    Effect.provide(layer.pipe(Layer.provideMerge(Emulator.layerHttpClient), Layer.provideMerge(emulator)))
  )
})

const keep = { undecodable: "keep" } as const

/** Every item and every kept row of the pages, by its place among the rows of the walk. */
const placed = <A>(pages: ReadonlyArray<Page.Page<A>>) => ({
  items: new Map(pages.flatMap((page) => Page.map(page, (item, index) => [index, item] as const).items)),
  kept: new Map(pages.flatMap(({ undecodable }) => undecodable.map((row) => [row.index, row] as const))),
  count: pages.at(-1)?.completion?.count ?? 0
})

const messages = (source: SourceService, { conversationIds }: Corpus.Corpus[Corpus.Vendor]) =>
  Effect.map(
    Stream.runCollect(source.messagePages({ conversationId: conversationIds.at(0), ...keep })),
    placed
  )

const conversations = (source: SourceService) =>
  Effect.map(Stream.runCollect(source.conversationPages(keep)), placed)

type Walk<A> = ReturnType<typeof placed<A>>

/** What came of a listing is all of it: each row is an item like the one of a faultless walk, or was kept. */
const isWhole = <A>(faulty: Walk<A>, faultless: Walk<A>) => {
  assert.strictEqual(faulty.count, faultless.count)
  assert.strictEqual(faultless.items.size, faultless.count)
  assert.strictEqual(faulty.items.size + faulty.kept.size, faultless.count)
  assert.isAbove(faulty.kept.size, 1)
  for (const [index, item] of faulty.items) assert.deepStrictEqual(item, faultless.items.get(index))
  for (const index of faulty.kept.keys()) assert.isFalse(faulty.items.has(index))
}

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

/** The row before it was spoiled, told by the message or conversation that it is of. */
const mended = (json: Schema.Json, field: string, value: Schema.Json): Schema.Json => {
  const row = decodeRow(json)
  assert.deepStrictEqual<unknown>(row[field], [false])
  return { ...row, [field]: value }
}

/** A conversation's rows in the order of the source's listing. */
const rowsOf = (kind: Kind, corpus: Corpus.Corpus): ReadonlyArray<unknown> => {
  const id = corpus[kind.vendor].conversationIds.at(0)
  const found =
    kind === sources["GPTBots, v2"] ? corpus.gptbots.messagesV2(id) : Corpus.messages(corpus, kind.vendor, id)
  const rows: ReadonlyArray<unknown> = found === undefined ? [] : Rows.toArray<unknown>(found)
  return kind === sources["Chatling, newest first"] ? rows.toReversed() : rows
}

describe.each(Object.entries(sources))("rows of %s, decoded without asking the vendor", (_, kind) => {
  it.effect("are the messages of the walk", () =>
    reading(kind, "", (source, own, corpus) =>
      Effect.gen(function* () {
        const walk = yield* messages(source, own)
        const conversationId = own.conversationIds.at(0)
        const seen = new Set<string>()
        for (const [index, row] of rowsOf(kind, corpus).entries()) {
          const json = decodeRow(row)
          // Where the id is taken, the row is the next of equal ones.
          let ordinal = 0
          let message = yield* source.messageOf({ conversationId, index, json })
          while (seen.has(message.id)) {
            ordinal += 1
            message = yield* source.messageOf({ conversationId, index, json, ordinal })
          }
          seen.add(message.id)
          assert.deepStrictEqual(message, walk.items.get(index))
        }
        assert.strictEqual(seen.size, walk.count)
      })
    )
  )
})

describe("an ordinal", () => {
  const { layer } = sources.Chatling
  const at = (created_at: string | null, more: object = {}) => ({
    role: "user",
    text: "hi",
    created_at,
    ...more
  })

  it.effect("chooses the id among equal messages of one second", () =>
    Effect.gen(function* () {
      const source = yield* Source
      const context = { account: source.account, conversationId: "42", oldestFirst: true }
      for (const row of [at("2024-03-02T10:00:07+00:00"), at(null), at("some time"), at(null, { id: 7 })]) {
        const ordinals = Mapping.ordinals()
        for (const ordinal of [0, 1, 2, 3]) {
          assert.deepStrictEqual(
            yield* source.messageOf({ conversationId: "42", index: ordinal, json: decodeRow(row), ordinal }),
            Mapping.toMessage(context, row, ordinal, ordinals)
          )
        }
      }
    }).pipe(
      Effect.provide(layer.pipe(Layer.provide(Emulator.layerHttpClient), Layer.provide(Emulator.layer())))
    )
  )

  it.effect.each([Number.NaN, -1, 0.5])("is not %s", (ordinal) =>
    Effect.gen(function* () {
      const source = yield* Source
      const json = decodeRow(at(null))
      const row = { conversationId: "42", index: 0, json, ordinal }
      const { message, reason } = yield* Effect.flip(source.messageOf(row))
      assert.strictEqual(reason._tag, "InvalidRequest")
      assert.include(message, "ordinal must be a whole number")
    }).pipe(
      Effect.provide(layer.pipe(Layer.provide(Emulator.layerHttpClient), Layer.provide(Emulator.layer())))
    )
  )

  it.effect("is no matter of vendors with other identities", () =>
    Effect.gen(function* () {
      for (const kind of [sources["OpenCopilot, a bot"], sources.Botuj, sources["GPTBots, v1"]]) {
        yield* reading(kind, "", (source, own, corpus) =>
          Effect.gen(function* () {
            const row = {
              conversationId: own.conversationIds.at(0),
              index: 0,
              json: decodeRow(rowsOf(kind, corpus)[0])
            }
            assert.deepStrictEqual(
              yield* source.messageOf({ ...row, ordinal: 3 }),
              yield* source.messageOf(row)
            )
          })
        )
      }
    })
  )
})

describe("a row of the list of conversations", () => {
  it.effect("cannot be decoded where OpenCopilot's list is not known", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(Source, (source) => source.conversationOf({ id: "1" })))
      assert.deepInclude({ ...error }, { _tag: "SourceError", operation: "OpenCopilot.conversations" })
      assert.strictEqual(error._tag === "SourceError" ? error.reason._tag : undefined, "InvalidRequest")
    }).pipe(
      Effect.provide(
        OpenCopilot.layerSource(credential).pipe(
          Layer.provide(Emulator.layerHttpClient),
          Layer.provide(Emulator.layer())
        )
      )
    )
  )
})

describe.each(Object.entries(sources))("malformed records of %s, kept", (_, kind) => {
  it.effect("are messages that decode to what a faultless walk gives, once they are mended", () =>
    Effect.gen(function* () {
      const faultless = yield* reading(kind, "", messages)
      yield* reading(kind, "malformed-record=3", (source, corpus) =>
        Effect.gen(function* () {
          const conversationId = corpus.conversationIds.at(0)
          const faulty = yield* messages(source, corpus)
          isWhole(faulty, faultless)
          for (const { index, json } of faulty.kept.values()) {
            const error = yield* Effect.flip(source.messageOf({ conversationId, index, json }))
            assert.deepInclude(
              { ...error.reason },
              { _tag: "InvalidResponse", kind: "record", position: index }
            )
            const expected = faultless.items.get(index)
            assert.isDefined(expected)
            const row = mended(json, kind.message, wordOf(kind, expected))
            assert.deepStrictEqual(yield* source.messageOf({ conversationId, index, json: row }), expected)
          }
        })
      )
    })
  )

  it.effect("are conversations that decode to what a faultless walk gives, once they are mended", () =>
    Effect.gen(function* () {
      const faultless = yield* reading(kind, "", conversations)
      yield* reading(kind, "malformed-record=3", (source) =>
        Effect.gen(function* () {
          const faulty = yield* conversations(source)
          isWhole(faulty, faultless)
          for (const { index, json } of faulty.kept.values()) {
            const error = yield* Effect.flip(source.conversationOf(json))
            assert.deepInclude(
              { ...error.reason },
              { _tag: "InvalidResponse", kind: "record", position: null }
            )
            const expected: Conversation | undefined = faultless.items.get(index)
            assert.isDefined(expected)
            const id = kind.vendor === "botuj" ? Number(expected.id) : expected.id
            const row = mended(json, kind.conversation, id)
            assert.deepStrictEqual(yield* source.conversationOf(row), expected)
          }
        })
      )
    })
  )

  it.effect("fail the walk by default", () =>
    Effect.gen(function* () {
      for (const pages of [
        (source: SourceService, corpus: Corpus.Corpus[Corpus.Vendor]) =>
          Stream.runDrain(source.messagePages({ conversationId: corpus.conversationIds.at(0) })),
        (source: SourceService) => Stream.runDrain(source.conversationPages())
      ]) {
        const error = yield* Effect.flip(reading(kind, "malformed-record=3", pages))
        const reason = error._tag === "SourceError" ? error.reason : undefined
        assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "record", position: 3 })
      }
    })
  )
})

/** What a malformed record's field was, from the message that it should have been. */
const wordOf = ({ message, vendor }: Kind, { id, role }: Message): Schema.Json => {
  if (message === "from") return role === "assistant" ? "copilot" : role
  if (message === "role") return role === "assistant" ? "bot" : role
  return vendor === "botuj" ? Number(id) : id
}

/** Sources of one vendor that read other listings, or in another order. */
const others = [
  ["GPTBots, v2", "GPTBots, v1"],
  ["GPTBots, v1", "GPTBots, v2"],
  ["Chatling, newest first", "Chatling"],
  ["Chatling", "Chatling, newest first"]
] as const

describe.each(others)("a record of %s that says where it stood", (kept, other) => {
  it.effect(`is decoded so by a source of ${other}`, () =>
    reading(sources[kept], "malformed-record=3", (source, corpus) =>
      Effect.gen(function* () {
        const conversationId = corpus.conversationIds.at(0)
        const [first] = (yield* messages(source, corpus)).kept.values()
        if (first === undefined) return yield* Effect.die("no record was kept")
        const row = { ...first, conversationId, json: mended(first.json, sources[kept].message, "user") }
        const expected = yield* source.messageOf(row)
        yield* reading(sources[other], "", (source) =>
          Effect.map(source.messageOf(row), (message) => assert.deepStrictEqual(message, expected))
        )
      })
    )
  )
})

describe("a record of OpenCopilot's list that says which list", () => {
  it.effect("is decoded so by a source of the other", () =>
    reading(sources["OpenCopilot, a bot"], "malformed-record=3", (source) =>
      Effect.gen(function* () {
        const [first] = (yield* conversations(source)).kept.values()
        if (first === undefined) return yield* Effect.die("no record was kept")
        const json = mended(first.json, sources["OpenCopilot, a bot"].conversation, "7")
        const expected = yield* source.conversationOf(json, first.origin)
        yield* reading(sources["OpenCopilot, an organization"], "", (source) =>
          Effect.map(source.conversationOf(json, first.origin), (found) =>
            assert.deepStrictEqual(found, expected)
          )
        )
      })
    )
  )
})
