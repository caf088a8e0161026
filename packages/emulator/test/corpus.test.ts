import { Corpus, Emulator, Rows } from "@colloquy/emulator"
import type { Emulation } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import { everything, get, inProcess, listsOfMessages } from "./support.ts"

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

const rowsOf = (corpus: Emulation.Corpus, conversationId: string): ReadonlyArray<object> => {
  const rows = corpus.messages(conversationId)
  return rows === undefined ? [] : Rows.toArray(rows)
}

const sizes = (corpus: Corpus.Corpus, vendor: Corpus.Vendor) =>
  Rows.toArray(corpus[vendor].conversationIds).map((id) => Corpus.messages(corpus, vendor, id)?.length)

const bytes = (seed: number) => JSON.stringify(everything(Corpus.start({ seed })))

describe("corpus", () => {
  it("the same seed gives the same bytes, another gives others", () => {
    assert.strictEqual(bytes(1), bytes(1))
    assert.notStrictEqual(bytes(1), bytes(2))
    assert.strictEqual(bytes(1), JSON.stringify(everything(Corpus.start())))
  })

  it("has the sizes that test a reader's ends", () => {
    for (const vendor of Corpus.Vendor.literals) {
      const all = sizes(Corpus.make(), vendor)
      const empty = listsOfMessages.includes(vendor) ? [] : [0]
      assert.includeMembers(all, [...empty, 1, 15, 30, 50, 100, 120])
      assert.strictEqual(all.length, 11 + empty.length)
      assert.strictEqual(Math.max(...all.map(Number)), 120)
    }
  })

  it("ids are distinct, found again, and nothing else is found", () => {
    const corpus = Corpus.make({ conversations: 500, seed: 9 })
    for (const vendor of Corpus.Vendor.literals) {
      const ids = Rows.toArray(corpus[vendor].conversationIds)
      assert.strictEqual(new Set(ids).size, listsOfMessages.includes(vendor) ? 499 : 500)
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

  it("has times that never run backwards, where messages have times", () => {
    for (const { corpus, readers } of Object.values(Corpus.start({ conversations: 20, messages: 400 }))) {
      const [reader] = readers
      for (const conversationId of Rows.toArray(corpus.conversationIds)) {
        const times = rowsOf(corpus, conversationId).map((row, index) => {
          const json = decodeRow(row)
          const message = reader?.decoder.message({ account: "default", conversationId, index, json })
          return message === undefined ? "" : (Result.getOrThrow(message).createdAt ?? "").slice(0, 23)
        })
        assert.deepStrictEqual(times, times.toSorted())
        assert.isTrue(times.every((time) => time === "" || /^202[45]-/.test(time)))
      }
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
