import { Corpus, Emulator, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { everything, get, inProcess } from "./support.ts"

const sizes = (corpus: Corpus.Corpus, vendor: Corpus.Vendor) =>
  Rows.toArray(corpus[vendor].conversationIds).map((id) => Corpus.messages(corpus, vendor, id)?.length)

const bytes = (seed: number) => JSON.stringify(everything(Corpus.make({ seed })))

describe("corpus", () => {
  it("the same seed gives the same bytes, another gives others", () => {
    assert.strictEqual(bytes(1), bytes(1))
    assert.notStrictEqual(bytes(1), bytes(2))
    assert.strictEqual(bytes(1), JSON.stringify(everything(Corpus.make())))
  })

  it("has the sizes that test a reader's ends", () => {
    for (const vendor of Corpus.Vendor.literals) {
      const all = sizes(Corpus.make(), vendor)
      assert.includeMembers(all, [0, 1, 15, 30, 50, 100, 120])
      assert.strictEqual(all.length, 12)
      assert.strictEqual(Math.max(...all.map(Number)), 120)
    }
  })

  it("ids are distinct, found again, and nothing else is found", () => {
    const corpus = Corpus.make({ conversations: 500, seed: 9 })
    for (const vendor of Corpus.Vendor.literals) {
      const ids = Rows.toArray(corpus[vendor].conversationIds)
      assert.strictEqual(new Set(ids).size, 500)
      for (const id of ids) {
        assert.isDefined(Corpus.messages(corpus, vendor, id))
        assert.isUndefined(Corpus.messages(corpus, vendor, `${id}0`))
        assert.isUndefined(Corpus.messages(corpus, vendor, ` ${id}`))
      }
      for (const id of ["", "0", "x", "|", "-1", "__proto__"]) {
        assert.isUndefined(Corpus.messages(corpus, vendor, id))
      }
    }
  })

  it("ids have the forms that the documents show, and one that a path cannot hold", () => {
    const { botuj, gptbots, opencopilot } = Corpus.make()
    const ids = Rows.toArray(opencopilot.conversationIds)
    assert.isTrue(ids.filter((id) => id.includes("|")).length > 6)
    assert.isTrue(ids.some((id) => /[/].*[ ].*[^ -~]/.test(id)))
    const both = Rows.toArray(gptbots.conversationIds)
    assert.isTrue(both.some((id) => /^[0-9a-f]{24}$/.test(id)))
    assert.isTrue(both.some((id) => /^(?=.*[a-z])(?=.*[A-Z])[0-9a-zA-Z]{20}$/.test(id)))
    assert.isTrue(both.every((id) => id.length === 24 || id.length === 20))
    for (const { id } of Rows.toArray(botuj.conversations)) assert.isTrue(Number.isSafeInteger(id))
  })

  it("message ids are unique in the whole account", () => {
    const { botuj, gptbots } = everything(Corpus.make({ conversations: 30 }))
    const botujIds = botuj.messages.flat().map(({ id }) => id)
    const gptbotsIds = gptbots.messages.flat().map((row) => row.message_id)
    assert.strictEqual(new Set(botujIds).size, botujIds.length)
    assert.strictEqual(new Set(gptbotsIds).size, gptbotsIds.length)
    assert.deepStrictEqual(
      gptbots.messagesV2.flat().map((row) => row.message_id),
      gptbotsIds
    )
  })

  it("people say ok and ok again", () => {
    const { chatling, opencopilot } = everything(Corpus.make())
    const rows = opencopilot.messages[1]?.map((row) => JSON.stringify(row)) ?? []
    assert.isAbove(rows.length, 100)
    assert.strictEqual(new Set(rows).size, 1)
    const oks = chatling.messages[1] ?? []
    assert.strictEqual(new Set(oks.map(({ role, text }) => `${role} ${text}`)).size, 1)
    // Four equal messages in a second, and a second that lies across two pages.
    assert.strictEqual(oks.filter((row) => row.created_at === oks[0]?.created_at).length, 4)
    assert.strictEqual(oks[14]?.created_at, oks[15]?.created_at)
  })

  it("times never run backwards, and end before today", () => {
    const { botuj, chatling, gptbots } = everything(Corpus.make({ messages: 400, conversations: 20 }))
    const series = [
      ...chatling.messages.map((rows) => rows.map((row) => Date.parse(row.created_at ?? ""))),
      ...botuj.messages.map((rows) => rows.map((row) => Date.parse(row.createdOn ?? ""))),
      ...gptbots.messages.map((rows) => rows.map((row) => Number(row.create_time)))
    ]
    for (const times of series) {
      assert.deepStrictEqual(
        times,
        times.toSorted((a, b) => a - b)
      )
      assert.isTrue(times.every((time) => time > 1_704_000_000_000 && time < 1_760_000_000_000))
    }
  })

  it("v2 rows have text, images, documents, audio and feedback", () => {
    const text = JSON.stringify(everything(Corpus.make()).gptbots.messagesV2)
    for (const part of [
      '"type":"image","image":[',
      '"type":"document","document":[',
      '"transcript"',
      "POSITIVE"
    ]) {
      assert.include(text, part)
    }
  })

  it.effect("ten million messages need no memory and no time", () =>
    Effect.gen(function* () {
      const { corpus } = yield* Emulator
      const started = yield* TestClock.withLive(Clock.currentTimeMillis)
      const { chatling, gptbots, opencopilot } = corpus
      const page = (number: number) =>
        get(`/v1/messages?conversation_id=${gptbots.conversationIds.at(0)}&page=${number}&page_size=100`)
      const last = yield* page(100_000)
      assert.deepInclude(Object(last.body), { total: 10_000_000 })
      assert.strictEqual(Object(last.body).messages.length, 100)
      assert.deepInclude(Object((yield* page(100_001)).body), { code: 40005 })
      const id = encodeURIComponent(opencopilot.conversationIds.at(0))
      const offset = yield* get(`/backend/conversations/demo-bot/messages/${id}?offset=9999990&limit=50`)
      assert.strictEqual(Object(offset.body).length, 10)
      const newest = yield* get(
        `/v2/chatbots/demo-chatbot/conversations/${chatling.conversationIds.at(0)}/messages?page=666667`
      )
      assert.strictEqual(Object(newest.body).data.messages.length, 10)
      const ended = yield* TestClock.withLive(Clock.currentTimeMillis)
      assert.isBelow(ended - started, 2000)
    }).pipe(Effect.provide(inProcess({ messages: 10_000_000 })))
  )
})
