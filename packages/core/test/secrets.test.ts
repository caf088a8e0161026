import { Reason, SourceError } from "@colloquy/core"
import type { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Inspectable, Layer, Logger, References, Schema, Tracer } from "effect"
import { canary, connect, fakeVendor, json, type Reply, rows, settle } from "./vendor.ts"

/** Enough of the token to be worth something: even a part of it must not be told. */
const part = canary.slice(0, 14)

const encode = Schema.encodeSync(Schema.toCodecJson(SourceError))

/** Runs one GET and collects every word that anybody could read afterwards. */
const everythingTold = (reply: (nth: number) => Reply, options: Partial<VendorClient.Options> = {}) =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make((entry) => {
      told.push(Logger.formatJson.log(entry))
      told.push(JSON.stringify(entry.fiber.getRef(References.CurrentLogAnnotations)))
    })
    const vendor = fakeVendor(reply)
    const exit = yield* settle(
      Effect.exit(
        Effect.flatMap(connect(vendor, { account: "eu", ...options }), (client) => client.read(rows))
      )
    ).pipe(
      Effect.provide(
        Layer.mergeAll(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "All"))
      ),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    if (Exit.isFailure(exit)) {
      told.push(Cause.pretty(exit.cause))
      for (const reason of exit.cause.reasons) {
        if (reason._tag !== "Fail") continue
        told.push(
          reason.error.message,
          String(reason.error),
          reason.error.stack ?? "",
          JSON.stringify(encode(reason.error))
        )
        told.push(Inspectable.toStringUnknown(reason.error))
      }
    }
    for (const span of spans) {
      told.push(span.name, ...[...span.attributes].map(([name, value]) => `${name}=${String(value)}`))
      told.push(JSON.stringify(span.events), JSON.stringify(span.links))
      if (span.status._tag === "Ended" && Exit.isFailure(span.status.exit)) {
        told.push(Cause.pretty(span.status.exit.cause))
      }
    }
    return { told, spans, vendor, exit }
  })

const replies: ReadonlyArray<{ name: string; reply: (nth: number) => Reply }> = [
  { name: "accepts it", reply: () => json([]) },
  {
    name: "repeats it in its message",
    reply: () => json({ message: `bad token ${canary}!` }, { status: 401 })
  },
  { name: "repeats it in its code", reply: () => json({ message: "no", code: canary }, { status: 400 }) },
  {
    name: "repeats it far into a long message",
    reply: () => json({ message: `${"x".repeat(290)}${canary}` }, { status: 400 })
  },
  {
    name: "repeats it in a 503, which is tried again",
    reply: (nth) => (nth < 4 ? json({ message: canary }, { status: 503 }) : json([]))
  },
  {
    name: "repeats it in a 429",
    reply: (nth) => (nth < 3 ? json({ message: canary }, { status: 429 }) : json([]))
  },
  { name: "repeats it in HTML", reply: () => new Response(`<p>Bearer ${canary}</p>`) },
  {
    name: "repeats it in HTML, where the excerpt ends",
    reply: () => new Response(`<p>${"x".repeat(42)}${canary}</p>`)
  },
  { name: "repeats it in JSON that breaks off", reply: () => new Response(`{"token":"${canary}`) },
  {
    name: "repeats it in the content type",
    reply: () => new Response("no", { headers: { "content-type": `text/${canary}` } })
  },
  {
    name: "repeats it in a header",
    reply: () => json([], { headers: { "x-received-authorization": `Bearer ${canary}` } })
  },
  {
    name: "redirects to a host named after it",
    reply: () => new Response(null, { status: 302, headers: { location: `https://${canary}.evil.test/` } })
  },
  { name: "breaks the connection", reply: () => "reset" },
  { name: "never answers", reply: () => "silence" }
]

describe("the token", () => {
  it.effect.each(replies)("is told to nobody when the vendor $name", ({ reply }) =>
    Effect.gen(function* () {
      const { spans, told, vendor } = yield* everythingTold(reply)
      assert.include(vendor.seen[0]?.authorization, canary)
      assert.isNotEmpty(spans)
      assert.deepStrictEqual(
        told.filter((text) => text.includes(part)),
        []
      )
    })
  )

  it.effect.each(replies)("in another header is told to nobody when the vendor $name", ({ reply }) =>
    Effect.gen(function* () {
      const authorization = { header: "x-acme-key", prefix: "" }
      const { spans, told, vendor } = yield* everythingTold(reply, { authorization })
      assert.strictEqual(vendor.seen[0]?.headers["x-acme-key"], canary)
      assert.isNotEmpty(spans)
      assert.deepStrictEqual(
        told.filter((text) => text.includes(part)),
        []
      )
    })
  )

  it.effect.each(replies)("in the query is told to nobody when the vendor $name", ({ reply }) =>
    Effect.gen(function* () {
      const { spans, told, vendor } = yield* everythingTold(reply, { authorization: { query: "key" } })
      assert.strictEqual(vendor.seen[0]?.url.search, `?page=1&key=${canary}`)
      assert.isUndefined(vendor.seen[0]?.authorization)
      assert.isNotEmpty(spans)
      assert.deepStrictEqual(
        told.filter((text) => text.includes(part)),
        []
      )
    })
  )

  it.effect("is blanked out of the vendor's words, which are kept", () =>
    Effect.gen(function* () {
      const { exit } = yield* everythingTold(() =>
        json({ message: `key ${canary} expired` }, { status: 401 })
      )
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", "key <redacted> expired")
    })
  )
})

describe("a request", () => {
  it.effect("has a span with its operation, vendor and account", () =>
    Effect.gen(function* () {
      const { spans } = yield* everythingTold(() => json([]))
      const span = spans.find(({ name }) => name === "Acme.rows")
      assert.strictEqual(span?.attributes.get("colloquy.vendor"), "acme")
      assert.strictEqual(span?.attributes.get("colloquy.account"), "eu")
    })
  )

  it.effect("that is tried again says so in the log, with vendor and account", () =>
    Effect.gen(function* () {
      const { told } = yield* everythingTold((nth) => (nth === 1 ? json({}, { status: 503 }) : json([])))
      const line = told.find((text) => text.includes("trying again"))
      assert.include(line, '"vendor":"acme"')
      assert.include(line, '"account":"eu"')
    })
  )
})

describe("every reason", () => {
  it.effect.prop("survives encoding as JSON and back", { reason: Reason }, ({ reason }) =>
    Effect.gen(function* () {
      const error = new SourceError({ vendor: "acme", operation: "Acme.rows", reason })
      const codec = Schema.toCodecJson(SourceError)
      const text = JSON.stringify(yield* Schema.encodeEffect(codec)(error))
      const back = yield* Schema.decodeEffect(Schema.fromJsonString(codec))(text)
      assert.strictEqual(JSON.stringify(yield* Schema.encodeEffect(codec)(back)), text)
      assert.strictEqual(back.isRetryable, error.isRetryable)
      assert.strictEqual(back.reason._tag, reason._tag)
    })
  )
})
