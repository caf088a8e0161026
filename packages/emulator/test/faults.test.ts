import { Botuj } from "@colloquy/botuj"
import { type Corpus, Emulator, Faults, Rows } from "@colloquy/emulator"
import { Testing } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Exit, Schema, Stream } from "effect"
import { everything, inProcess, readEverything, readMessages, reasonOf, settle } from "./support.ts"

/** Something of everything, in few requests. */
const small = { conversations: 5, messages: 120 }

const withFaults = Effect.fnUntraced(function* <A, E, R>(
  text: string,
  effect: Effect.Effect<A, E, R>,
  run: (effect: Effect.Effect<A, E, R>) => Effect.Effect<Exit.Exit<A, E>, never, R> = settle
) {
  const faults = yield* Faults.parse(text)
  return yield* Effect.gen(function* () {
    const emulator = yield* Emulator
    const exit = yield* run(effect)
    return { exit, records: yield* emulator.requests, truth: everything(emulator.emulated) }
  }).pipe(Effect.provide(inProcess({ ...small, faults })))
})

/** The largest conversation of a vendor, by its first reader. */
const largest = Effect.fnUntraced(function* (vendor: Corpus.Vendor) {
  const { reader, conversationId } = yield* largestOf(vendor)
  return yield* readMessages(reader, conversationId)
})

const largestOf = Effect.fnUntraced(function* (vendor: Corpus.Vendor) {
  const { corpus, readers } = (yield* Emulator).emulated[vendor]
  const [reader] = readers
  return reader === undefined
    ? yield* Effect.die("a vendor has no reader")
    : { reader, conversationId: corpus.conversationIds.at(0) }
})

/** The same in the truth. */
const truthOfLargest = Effect.fnUntraced(function* (vendor: Corpus.Vendor) {
  const { reader, conversationId } = yield* largestOf(vendor)
  return Rows.toArray<object>(reader.messages(conversationId) ?? Rows.map(Rows.range(0), () => ({})))
})

describe("faults of the body that a reader overcomes: the whole truth comes", () => {
  // Unpacking is not on the test clock, which therefore stands still.
  it.effect.each(["gzip", "gzip-unlabelled"])("%s", (text) =>
    Effect.gen(function* () {
      const { exit, truth } = yield* withFaults(text, readEverything({ pause: "0 millis" }), Effect.exit)
      assert.deepStrictEqual(yield* exit, truth)
    })
  )
})

describe("faults that a reader reports", () => {
  it.effect(
    "clamp=40,cycle=2: a loop by page numbers, rows that are not where they should be by offsets",
    () =>
      Effect.gen(function* () {
        const kinds = new Map<string, string>()
        for (const vendor of ["opencopilot", "chatling", "botuj", "gptbots"] as const) {
          const { exit } = yield* withFaults("clamp=40,cycle=2", largest(vendor))
          const reason = reasonOf(exit)
          assert.strictEqual(reason?._tag, "IncompleteWalk", vendor)
          if (reason?._tag === "IncompleteWalk") kinds.set(vendor, reason.kind)
        }
        assert.strictEqual(kinds.get("opencopilot"), "drift")
        for (const vendor of ["chatling", "botuj", "gptbots"]) {
          assert.strictEqual(kinds.get(vendor), "repeatedPage", vendor)
        }
      })
  )

  it.effect("429=600 tells how long", () =>
    Effect.gen(function* () {
      const { exit, records } = yield* withFaults("429=600", largest("chatling"))
      const reason = reasonOf(exit)
      assert.isTrue(reason?._tag === "RateLimited" && reason.retryAfter !== null)
      assert.deepInclude(reason, { retryAfter: Duration.minutes(10) })
      assert.strictEqual(records.length, 1)
    })
  )

  it.effect(
    "clamp-page repeats the last page where requests do not overlap, and only an empty one would be the end",
    () =>
      Effect.gen(function* () {
        const apart = Effect.gen(function* () {
          const { botuj } = (yield* Emulator).corpus
          const client = yield* Botuj
          const conversationId = botuj.conversationIds.at(0)
          return yield* Stream.runCollect(client.messages.items({ conversationId, overlap: false }))
        }).pipe(Effect.provide(Botuj.layer(Testing.credential)))
        const { exit } = yield* withFaults("clamp-page", apart)
        assert.deepInclude(reasonOf(exit), { _tag: "IncompleteWalk", kind: "repeatedPage" })
      })
  )

  it.effect.each(["opencopilot", "botuj"] as const)(
    "clamp-page does not matter where requests overlap: the last row alone is the end (%s)",
    (vendor) =>
      Effect.gen(function* () {
        const both = Effect.zip(largest(vendor), truthOfLargest(vendor))
        const [read, truth] = yield* (yield* withFaults("clamp-page", both)).exit
        assert.deepStrictEqual(read, truth)
      })
  )

  it.effect("a vendor's fault is no other's", () =>
    Effect.gen(function* () {
      const text = "500/botuj"
      assert.isTrue(Exit.isFailure((yield* withFaults(text, largest("botuj"))).exit))
      const both = Effect.zip(largest("gptbots"), truthOfLargest("gptbots"))
      const [read, truth] = yield* (yield* withFaults(text, both)).exit
      assert.deepStrictEqual(read, truth)
    })
  )

  it.effect("the same seed strikes the same requests", () =>
    Effect.gen(function* () {
      const struck = Effect.map(withFaults("latency=1@p:0.3", readEverything()), ({ records }) =>
        records.map(({ fault }) => fault)
      )
      const first = yield* struck
      assert.deepStrictEqual(yield* struck, first)
      const share = first.filter((fault) => fault !== null).length / first.length
      assert.isTrue(share > 0.15 && share < 0.45, `${share} were struck`)
    })
  )
})

describe("the shorthand", () => {
  it.effect("reads everything in it", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* Faults.parse(" 429=1@every:5/chatling, latency=20 ,"), [
        { _tag: "Fault", kind: "429", value: 1, which: { _tag: "Every", nth: 5 }, vendor: "chatling" },
        { _tag: "Fault", kind: "latency", value: 20, which: { _tag: "All" } }
      ])
      assert.deepStrictEqual(yield* Faults.parse("reset@first:2,cut@p:0.1/botuj,wrong-total=-3"), [
        { _tag: "Fault", kind: "reset", which: { _tag: "First", count: 2 } },
        { _tag: "Fault", kind: "cut", which: { _tag: "Chance", probability: 0.1 }, vendor: "botuj" },
        { _tag: "Fault", kind: "wrong-total", value: -3, which: { _tag: "All" } }
      ])
      assert.deepStrictEqual(yield* Faults.parse(""), [])
    })
  )

  it.effect.each([
    ["bang", "malformed-record"],
    ["429@sometimes", "@every:N"],
    ["429@every:0", "@every:N"],
    ["429@first:-1", "@every:N"],
    ["429@p:2", "from 0 to 1"],
    ["429/acme", "gptbots"],
    ["429/", "gptbots"],
    ["latency", "latency=2"],
    ["latency=", "whole number"],
    ["latency=-1", "0 or more"],
    ["clamp=0", "1 or more"],
    ["latency=1e3", "whole number"],
    ["html=3", "takes no value"],
    ["=3", "kind[=value]"]
  ])("%s is refused with what is allowed", ([text, hint]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Faults.parse(text ?? ""))
      assert.strictEqual(error._tag, "FaultsError")
      assert.include(error.message, hint ?? "")
    })
  )

  it("the table has every kind once, and faults are data", () => {
    assert.deepStrictEqual(
      Faults.table.map(({ kind }) => kind).toSorted(),
      [...Faults.Kind.literals].toSorted()
    )
    const fault = { _tag: "Fault", kind: "clamp", value: 3, which: { _tag: "All" } }
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Faults.Fault)(fault), fault)
    assert.strictEqual(Rows.toArray(Rows.range(3)).length, 3)
  })
})
