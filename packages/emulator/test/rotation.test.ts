import { Source } from "@colloquy/core"
import { Corpus, Emulator, Faults, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { inProcess, reasonOf, settle, token } from "./support.ts"

const vendors = Corpus.Vendor.literals

/** An emulator whose token has a second name, so that a renewed token is another one and is accepted. */
const withTwoTokens = (faults: ReadonlyArray<Faults.Fault>) =>
  Layer.effect(
    HttpClient.HttpClient,
    HttpClient.HttpClient.useSync((client) =>
      HttpClient.mapRequest(client, (request) =>
        request.headers["authorization"] === "Bearer renewed-token"
          ? HttpClientRequest.bearerToken(request, token)
          : request
      )
    )
  ).pipe(Layer.provideMerge(inProcess({ conversations: 3, messages: 90, faults })))

/** Reads the largest conversation of a vendor with tokens in turn. */
const readWith = Effect.fnUntraced(function* (
  vendor: Corpus.Vendor,
  fault: string,
  [first, second]: readonly [string, string]
) {
  const faults = yield* Faults.parse(fault)
  return yield* Effect.gen(function* () {
    const { corpus, readers } = (yield* Emulator).emulated[vendor]
    const [reader] = readers
    if (reader === undefined) return yield* Effect.die("a vendor has no reader")
    const conversationId = corpus.conversationIds.at(0)
    let readings = 0
    const token = Effect.sync(() => Redacted.make(readings++ === 0 ? first : second))
    const options = { token, baseUrl: "http://127.0.0.1", pageSize: 5, since: 0, until: 4_000_000_000_000 }
    const read = Stream.runCollect(Source.messages({ conversationId })).pipe(
      Effect.map((messages) => messages.map(reader.messageRow)),
      Effect.provideServiceEffect(Source, Effect.orDie(reader.source(options)))
    )
    const exit = yield* settle(read)
    const truth = Rows.toArray<unknown>(reader.messages(conversationId) ?? Rows.range(0))
    return { exit, truth, readings, requests: yield* (yield* Emulator).requestCount }
  }).pipe(Effect.provide(withTwoTokens(faults)))
})

describe("a token that the vendor refuses in the middle of a walk", () => {
  it.effect.each(vendors)("is replaced: every message of %s comes", (vendor) =>
    Effect.gen(function* () {
      for (const fault of ["expire=2@first:3", "echo-token@nth:3"]) {
        const { exit, readings, truth } = yield* readWith(vendor, fault, [token, "renewed-token"])
        assert.deepStrictEqual(yield* exit, truth)
        assert.strictEqual(readings, 2)
      }
    })
  )

  it.effect.each(vendors)("and that is the same when read again ends the walk of %s", (vendor) =>
    Effect.gen(function* () {
      const { exit, readings, requests } = yield* readWith(vendor, "expire=2", [token, token])
      assert.strictEqual(reasonOf(exit)?._tag, "Unauthorized")
      assert.strictEqual(readings, 2)
      assert.strictEqual(requests, 3)
    })
  )

  it.effect.each(vendors)("and that is refused again when renewed ends the walk of %s", (vendor) =>
    Effect.gen(function* () {
      const { exit, requests } = yield* readWith(vendor, "expire=2", [token, "renewed-token"])
      assert.strictEqual(reasonOf(exit)?._tag, "Unauthorized")
      assert.strictEqual(requests, 4)
    })
  )
})
