import { Chatling, Codecs, type Wire } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import { type Codec, DerivedId } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

/** A place at the start of a walk that is read oldest first. */
const place = (): Codec.Place<Codecs.Ordinals> => ({
  account: "default",
  conversationId: "c-1",
  index: 0,
  options: { sort: "date_asc" },
  outOfOrder: false,
  carried: Codecs.messages.carries.start(null)
})

const toMessage = (wire: Wire.Message, told: Partial<Codec.Place<Codecs.Ordinals>> = {}) =>
  Codecs.messages.decode(wire, { ...place(), ...told })

const answer = {
  text: "A variable holds a value for later.",
  role: "bot",
  is_ai_kb_response: true,
  data: {
    helpful_value: "1",
    sources: [
      { type: "webpage", title: "Variables", url: "https://docs.test/variables" },
      { type: "document", title: "Handbook" }
    ]
  },
  created_at: "2024-06-17T16:09:52+00:00"
}

describe("a message of Chatling", () => {
  it("as the document shows an answer", () => {
    assert.deepStrictEqual(toMessage(answer), {
      vendor: "chatling",
      account: "default",
      conversationId: "c-1",
      id: DerivedId.make(["c-1", "2024-06-17T16:09:52Z", "bot", "A variable holds a value for later.", 0]),
      idOrigin: "derived",
      position: 0,
      role: "assistant",
      text: "A variable holds a value for later.",
      createdAt: "2024-06-17T16:09:52Z",
      parentId: null,
      userId: null,
      kind: null,
      citations: [
        { kind: "webpage", title: "Variables", url: "https://docs.test/variables" },
        { kind: "document", title: "Handbook", url: null }
      ],
      attachments: [],
      feedback: "positive",
      extra: { is_ai_kb_response: true }
    })
  })

  it("as the document shows a question", () => {
    const message = toMessage({ text: "What is it?", role: "user", created_at: "2024-06-17T16:09:45+00:00" })
    assert.deepInclude(message, {
      role: "user",
      text: "What is it?",
      createdAt: "2024-06-17T16:09:45Z",
      extra: {}
    })
  })

  it.each([
    ["bot", "assistant"],
    ["user", "user"],
    ["system", "system"],
    ["human", "unknown"]
  ])("of the role %s is from %s", (role, canonical) => {
    const message = toMessage({ role, text: "hi" })
    assert.strictEqual(message.role, canonical)
    assert.deepStrictEqual(Codecs.messages.encode(message), { role, text: "hi" })
  })

  it.each([
    ["1", "positive"],
    ["0", "negative"],
    [null, null],
    ["-1", null]
  ])("rated %j is rated %j", (helpful_value, feedback) => {
    const wire = { ...answer, data: { helpful_value, sources: [] } }
    assert.strictEqual(toMessage(wire).feedback, feedback)
    assert.deepStrictEqual(Codecs.messages.encode(toMessage(wire)), wire)
  })

  it("whose sources are null still has its rating", () => {
    const wire = { ...answer, data: { helpful_value: "1", sources: null } }
    assert.strictEqual(toMessage(wire).feedback, "positive")
    assert.deepStrictEqual(Codecs.messages.encode(toMessage(wire)), wire)
  })

  it.each([17, "17"])("with an id of its own (%j) has that", (id) => {
    const message = toMessage({ ...answer, id })
    assert.deepInclude(message, { id: "17", idOrigin: "vendor" })
    assert.deepStrictEqual(Codecs.messages.encode(message), { ...answer, id })
  })

  it("newest first has no position", () => {
    assert.isNull(toMessage(answer, { options: { sort: "date_desc" }, index: 3 }).position)
  })
})

/** A conversation, oldest first: people repeat themselves, within a second and later. */
const second = (n: number) => `2024-06-17T16:09:${String(n).padStart(2, "0")}+00:00`
const history: ReadonlyArray<Wire.Message> = [
  { role: "user", text: "ok", created_at: second(1) },
  { role: "user", text: "ok", created_at: second(1) },
  { role: "bot", text: "ok", created_at: second(1) },
  { role: "user", text: "ok", created_at: second(1) },
  { role: "user", text: "fine", created_at: second(2) },
  { role: "user", text: "ok", created_at: second(3) },
  { role: "bot", text: "good", data: { helpful_value: null, sources: [] }, created_at: second(3) },
  { role: "user", text: "", created_at: second(4) },
  { role: "user", text: null, created_at: second(5) }
]

/** Chatling's server with this history, `size` messages to a page. */
const serving = (rows: ReadonlyArray<Wire.Message>, size: number) =>
  HttpClient.make((request, url) => {
    const page = Number(url.searchParams.get("page"))
    const sorted = url.searchParams.get("sort") === "date_asc" ? rows : rows.toReversed()
    const pages = {
      current_page: page,
      last_page: Math.max(1, Math.ceil(rows.length / size)),
      per_page: size
    }
    const data = { pages, messages: sorted.slice((page - 1) * size, page * size) }
    return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json({ status: "success", data })))
  })

const read = (rows: ReadonlyArray<Wire.Message>, size: number, sort: "date_asc" | "date_desc") =>
  Stream.runCollect(Source.messages({ conversationId: "c-1" })).pipe(
    Effect.provide(
      Chatling.layerSource({ chatbotId: "b-1", sort, token: Redacted.make("key") }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, serving(rows, size)))
      )
    )
  )

describe("the id of a message of Chatling", () => {
  it.effect.each([1, 2, 3, 4, 5, 8, 9, 15])("is the same in either order, %s to a page", (size) =>
    Effect.gen(function* () {
      const whole = yield* read(history, 100, "date_asc")
      const ascending = yield* read(history, size, "date_asc")
      const descending = yield* read(history, size, "date_desc")
      assert.deepStrictEqual(ascending, whole)
      const ids = whole.map(({ id }) => id)
      assert.deepStrictEqual(descending.map(({ id }) => id).toSorted(), ids.toSorted())
      assert.strictEqual(new Set(ids).size, history.length)
      assert.deepStrictEqual(
        whole.map(({ position }) => position),
        history.map((_, index) => index)
      )
    })
  )

  it.effect("does not change when messages are added behind it", () =>
    Effect.gen(function* () {
      const before = yield* read(history, 3, "date_asc")
      const after = yield* read(
        [...history, { role: "user", text: "ok", created_at: second(9) }],
        3,
        "date_asc"
      )
      assert.deepStrictEqual(after.slice(0, history.length), before)
    })
  )

  it("does not change with its rating and sources", () => {
    const unrated = { ...answer, data: { helpful_value: null, sources: [] } }
    assert.strictEqual(toMessage(unrated).id, toMessage(answer).id)
    const { data: _, is_ai_kb_response: __, ...bare } = answer
    assert.strictEqual(toMessage(bare).id, toMessage(answer).id)
  })

  it("is the same for one instant in two zones", () => {
    assert.strictEqual(
      toMessage({ ...answer, created_at: "2024-06-17T18:09:52+02:00" }).id,
      toMessage(answer).id
    )
  })

  it("changes with time, role, text and conversation, and not with the account", () => {
    const inOther = toMessage(answer, { conversationId: "c-2" })
    const ids = [
      toMessage(answer).id,
      inOther.id,
      toMessage({ ...answer, created_at: second(1) }).id,
      toMessage({ ...answer, role: "system" }).id,
      toMessage({ ...answer, text: "edited" }).id
    ]
    assert.strictEqual(new Set(ids).size, ids.length)
    const inEu = toMessage(answer, { account: "eu" })
    assert.strictEqual(inEu.id, ids[0])
  })

  it("is one of its own for equal messages without a time, too", () => {
    const { carried } = place()
    const rows: ReadonlyArray<Wire.Message> = [
      { role: "user", text: "ok" },
      { role: "user", text: "ok", created_at: second(1) },
      { role: "user", text: "ok" },
      { role: "user", text: "ok", created_at: "12:13:35:00+00:00" },
      { role: "user", text: "ok", created_at: "12:13:35:00+00:00" }
    ]
    const ids = rows.map((wire, index) => toMessage(wire, { index, carried }).id)
    assert.strictEqual(new Set(ids).size, rows.length)
  })
})

describe("a conversation of Chatling", () => {
  it("as the vendor's page shows it", () => {
    const wire = {
      id: "884213",
      contact_id: "k-1",
      important: 0,
      archived: 1,
      created_at: "2024-06-14T15:45:34+00:00",
      messages: []
    }
    assert.deepInclude(Codecs.conversations.decode(wire, { ...place(), carried: undefined }), {
      vendor: "chatling",
      account: "default",
      id: "884213",
      createdAt: "2024-06-14T15:45:34Z",
      messageCount: null,
      extra: { contact_id: "k-1", important: 0, archived: 1, messages: [] }
    })
  })
})
