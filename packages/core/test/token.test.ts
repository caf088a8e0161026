import { InvalidRequest, RequestBudget, Source } from "@colloquy/core"
import { VendorClient } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Fiber, Logger, PlatformError, Redacted, Ref, Stream } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { Toy } from "./toy.ts"
import { baseUrl, connect, fakeVendor, json, type Reply, rows, type Seen, settle } from "./vendor.ts"

const old = "old-9a1c4e7b2d5f8a0c3e6b"
const fresh = "fresh-5d8f1b4e7a0c3d6f9b2e"

const refused = (): Reply => json({ message: "who are you?" }, { status: 401 })

/** A vendor that accepts one token. */
const accepting = (token: () => string, accepted: () => Reply = () => json(["row"])) =>
  fakeVendor((_, { authorization }) => (authorization === `Bearer ${token()}` ? accepted() : refused()))

/** Tokens in turn, the last one for ever, and how often one was read. */
const inTurn = (...tokens: ReadonlyArray<string>) => {
  const read: Array<string> = []
  const token = Effect.sync(() => {
    const next = tokens[Math.min(read.length, tokens.length - 1)] ?? ""
    read.push(next)
    return Redacted.make(next)
  })
  return { token, read }
}

const sentBy = (seen: ReadonlyArray<Seen>) => seen.map(({ authorization }) => authorization?.slice(7))

describe("a token that can be read again", () => {
  it.effect("is read once as long as the vendor accepts it", () =>
    Effect.gen(function* () {
      const vendor = accepting(() => old)
      const { read, token } = inTurn(old)
      const client = yield* connect(vendor, { token })
      yield* client.read(rows)
      yield* client.read(rows)
      assert.deepStrictEqual(read, [old])
    })
  )

  it.effect("is read again when it is refused: the request is sent again, and the next ones with it", () =>
    Effect.gen(function* () {
      const vendor = accepting(() => fresh)
      const { read, token } = inTurn(old, fresh)
      const events: Array<string> = []
      const onRequest = ({ _tag }: VendorClient.RequestEvent) => Effect.sync(() => void events.push(_tag))
      const client = yield* connect(vendor, { token, onRequest })
      assert.deepStrictEqual((yield* client.read(rows)).body, ["row"])
      yield* client.read(rows)
      assert.deepStrictEqual(sentBy(vendor.seen), [old, fresh, fresh])
      assert.deepStrictEqual(read, [old, fresh])
      assert.deepStrictEqual(events, ["Sent", "Retrying", "Sent", "Sent"])
    })
  )

  it.effect("is read again for a vendor's own code that means the same", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) => (nth === 1 ? json({ code: "40110", message: "key" }) : json([])))
      const errors = { codes: { "40110": "Unauthorized" }, read: () => undefined } as const
      const read = (body: unknown) =>
        typeof body === "object" && body !== null && "code" in body
          ? { code: "40110", message: "key" }
          : undefined
      const client = yield* connect(vendor, { token: inTurn(old, fresh).token, errors: { ...errors, read } })
      yield* client.read(rows)
      assert.deepStrictEqual(sentBy(vendor.seen), [old, fresh])
    })
  )

  it.effect("is the refused one again: the error stands, nothing is sent again", () =>
    Effect.gen(function* () {
      const vendor = accepting(() => fresh)
      const { read, token } = inTurn(old)
      const client = yield* connect(vendor, { token })
      const { reason } = yield* Effect.flip(client.read(rows))
      assert.strictEqual(reason._tag, "Unauthorized")
      assert.include(reason.message, "check that the API key is right and has not expired")
      assert.strictEqual(vendor.seen.length, 1)
      assert.strictEqual(read.length, 2)
    })
  )

  it.effect("is another one at each reading, all refused: a request is sent twice, no more", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor(refused)
      const client = yield* connect(vendor, {
        token: inTurn("token-a", "token-b", "token-c", "token-d").token
      })
      assert.strictEqual((yield* Effect.flip(client.read(rows))).reason._tag, "Unauthorized")
      assert.deepStrictEqual(sentBy(vendor.seen), ["token-a", "token-b"])
      assert.strictEqual((yield* Effect.flip(client.read(rows))).reason._tag, "Unauthorized")
      assert.deepStrictEqual(sentBy(vendor.seen.slice(2)), ["token-b", "token-c"])
    })
  )

  it.effect("waits for what the new one meets, too: a 503 after the renewal is tried again", () =>
    Effect.gen(function* () {
      const vendor = fakeVendor((nth) =>
        nth === 1 ? refused() : nth === 2 ? json({}, { status: 503 }) : json([])
      )
      const client = yield* connect(vendor, { token: inTurn(old, fresh).token })
      yield* settle(client.read(rows))
      assert.deepStrictEqual(sentBy(vendor.seen), [old, fresh, fresh])
    })
  )
})

describe("requests that are refused at the same time", () => {
  const atOnce = Effect.fnUntraced(function* (count: number, tokens: ReadonlyArray<string>) {
    const { read, token } = inTurn(...tokens)
    // Reading takes a second: all refusals come before its end.
    const slow = Effect.delay(token, "1 second")
    const vendor = accepting(() => fresh)
    const client = yield* settle(connect(vendor, { token: slow }))
    const requests = Array.from({ length: count }, () => Effect.exit(client.read(rows)))
    const exits = yield* settle(Effect.all(requests, { concurrency: "unbounded" }))
    return { read, vendor, exits }
  })

  it.effect("read the token once, and all are sent again", () =>
    Effect.gen(function* () {
      const { exits, read, vendor } = yield* atOnce(8, [old, fresh])
      assert.isTrue(exits.every(({ _tag }) => _tag === "Success"))
      assert.deepStrictEqual(read, [old, fresh])
      assert.strictEqual(vendor.seen.length, 16)
    })
  )

  it.effect("read the same token once, and all fail", () =>
    Effect.gen(function* () {
      const { exits, read, vendor } = yield* atOnce(8, [old])
      assert.isTrue(exits.every(({ _tag }) => _tag === "Failure"))
      assert.deepStrictEqual(read, [old, old])
      assert.strictEqual(vendor.seen.length, 8)
    })
  )

  it.effect("do not depend on the one that reads: another one reads when it is interrupted", () =>
    Effect.gen(function* () {
      const { token } = inTurn(old, "interrupted", fresh)
      const vendor = accepting(() => fresh)
      const client = yield* connect(vendor, {
        token: Effect.tap(token, (t) => (Redacted.value(t) === "interrupted" ? Effect.never : Effect.void))
      })
      const first = yield* Effect.forkChild(client.read(rows), { startImmediately: true })
      const second = yield* Effect.forkChild(client.read(rows), { startImmediately: true })
      yield* Effect.repeat(Effect.yieldNow, { times: 50 })
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual((yield* settle(Fiber.join(second))).body, ["row"])
    })
  )
})

describe("a token that cannot be read", () => {
  const gone = PlatformError.systemError({
    _tag: "NotFound",
    module: "FileSystem",
    method: "readFile",
    pathOrDescriptor: "/run/secrets/acme"
  })
  const failures = [
    { what: "a file", failure: gone, says: ["/run/secrets/acme", "check the path"] },
    {
      what: "what its reader says",
      failure: InvalidRequest.refuse("the vault is sealed; unseal it"),
      says: ["the vault is sealed; unseal it"]
    }
  ]

  it.effect.each(failures)("at the start names $what and what to do", ({ failure, says }) =>
    Effect.gen(function* () {
      const { operation, reason } = yield* Effect.flip(
        connect(fakeVendor(refused), { token: Effect.fail(failure) })
      )
      assert.strictEqual(operation, "connect")
      assert.strictEqual(reason._tag, "InvalidRequest")
      for (const text of says) assert.include(reason.message, text)
    })
  )

  it.effect.each(failures)("again names $what, with the vendor's refusal", ({ failure, says }) =>
    Effect.gen(function* () {
      const isGone = yield* Ref.make(false)
      const token = Effect.flatMap(Ref.getAndSet(isGone, true), (gone) =>
        gone ? Effect.fail(failure) : Effect.succeed(Redacted.make(old))
      )
      const client = yield* connect(fakeVendor(refused), { token })
      const { reason } = yield* Effect.flip(client.read(rows))
      assert.strictEqual(reason._tag, "Unauthorized")
      for (const text of ["HTTP 401", "the token cannot be read", ...says])
        assert.include(reason.message, text)
    })
  )

  it.effect("from configuration names the setting, never a value", () =>
    Effect.gen(function* () {
      const lower = Config.map(
        Config.String("ACME_KEY").pipe(
          Config.mapEffect((text) =>
            text === text.toLowerCase()
              ? Effect.succeed(text)
              : Effect.fail(new Config.ConfigError(new ConfigProvider.SourceError({ message: text })))
          )
        ),
        (text) => Redacted.make(text)
      )
      const missing = yield* Effect.flip(
        connect(fakeVendor(refused), { token: Config.Redacted("OTHER_KEY") })
      )
      assert.include(missing.message, "configuration has no valid OTHER_KEY; set it")
      const wrong = yield* Effect.flip(connect(fakeVendor(refused), { token: lower }))
      assert.notInclude(JSON.stringify(wrong) + wrong.message, "SECRET")
    }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ACME_KEY: "SECRET" } }))))
  )

  it.effect("within the request's timeout is not waited for", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.flip(connect(fakeVendor(refused), { token: Effect.never, policy: { timeout: "5 seconds" } })),
        { startImmediately: true }
      )
      yield* TestClock.adjust("5 seconds")
      assert.include((yield* Fiber.join(fiber)).message, "none came within 5s")
    })
  )

  it.effect.each(["", "two words", "line\n", "ключ"])("because it is %j is refused, first or later", (bad) =>
    Effect.gen(function* () {
      const first = yield* Effect.flip(connect(fakeVendor(refused), { token: inTurn(bad).token }))
      assert.strictEqual(first.reason._tag, "InvalidRequest")
      assert.include(first.message, "not visible ASCII")
      const vendor = fakeVendor(refused)
      const client = yield* connect(vendor, { token: inTurn(old, bad).token })
      const later = yield* Effect.flip(client.read(rows))
      assert.strictEqual(later.reason._tag, "Unauthorized")
      assert.include(later.message, "not visible ASCII")
      assert.strictEqual(vendor.seen.length, 1)
    })
  )
})

describe("the old token and the new one", () => {
  it.effect("are told to nobody", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const logger = Logger.make((entry) => void told.push(Logger.formatJson.log(entry)))
      const both = `${old} then ${fresh}`
      const vendor = accepting(
        () => fresh,
        () => json({ rows: [{ text: both, [fresh]: old }] }, { headers: { "x-echo": both } })
      )
      const client = yield* connect(vendor, { token: inTurn(old, fresh).token })
      const answer = yield* Effect.provide(client.read(rows), Logger.layer([logger]))
      const failing = yield* connect(
        fakeVendor(() => json({ message: both }, { status: 401 })),
        { token: inTurn(old, fresh).token }
      )
      const error = yield* Effect.flip(failing.read(rows))
      assert.include(told.join(), "the vendor refused the token; trying again with a new one")
      const all = [...told, JSON.stringify(answer), JSON.stringify(error), error.message].join()
      assert.notInclude(all, old)
      assert.notInclude(all, fresh)
      assert.include(error.message, "<redacted> then <redacted>")
    })
  )
})

describe("the clients of one connection", () => {
  it.effect("share the token", () =>
    Effect.gen(function* () {
      const vendor = accepting(() => fresh)
      const { read, token } = inTurn(old, fresh)
      const errors = { codes: {}, read: () => undefined }
      const clientOf = yield* VendorClient.connect({ vendor: "acme", token, errors }).pipe(
        Effect.provide(RequestBudget.layerMemory),
        Effect.provideService(HttpClient.HttpClient, vendor.client)
      )
      const one = yield* clientOf(baseUrl)
      const other = yield* clientOf("https://eu.acme.test")
      yield* one.read(rows)
      yield* other.read(rows)
      assert.deepStrictEqual(sentBy(vendor.seen), [old, fresh, fresh])
      assert.deepStrictEqual(read, [old, fresh])
    })
  )
})

describe("a token from a vendor's variable", () => {
  it.effect("is read again from the configuration that the source was made with", () =>
    Effect.gen(function* () {
      const env: Record<string, string> = { TOY_KEY: old }
      const provider = ConfigProvider.layer(ConfigProvider.fromUnknown(env))
      const vendor = fakeVendor((_, { headers }) =>
        headers["x-api-key"] === fresh ? json({ rooms: [], total: 0 }) : refused()
      )
      const source = yield* Toy.source({ house: "h-1" }).pipe(
        Effect.provide([provider, RequestBudget.layerMemory]),
        Effect.provideService(HttpClient.HttpClient, vendor.client)
      )
      env["TOY_KEY"] = fresh
      const read = Stream.runCollect(Source.conversations)
      assert.deepStrictEqual(yield* Effect.provideService(read, Source, source), [])
      assert.deepStrictEqual(
        vendor.seen.map(({ headers }) => headers["x-api-key"]),
        [old, fresh]
      )
    })
  )
})
