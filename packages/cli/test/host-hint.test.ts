/**
 * A host that is not known: the message names the flag that chose it.
 */
import * as Configuration from "colloquy/Configuration"
import * as Opening from "colloquy/Opening"
import type * as Vendors from "colloquy/Vendors"
import { Gptbots } from "@colloquy/gptbots"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, Option, Stream } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { TestClock } from "effect/testing"

/** A network without a server of names. */
const client = HttpClient.make((request) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({
        request,
        cause: Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" })
      })
    })
  )
)

const flags = {
  baseUrl: Option.none<string>(),
  pageSize: Option.none<number>(),
  concurrency: 1,
  account: "default",
  maxPages: Option.none<number>()
}

const messageOf = (chosen: Vendors.Chosen, given: Partial<typeof flags> = {}) =>
  Effect.gen(function* () {
    const unopened = yield* Opening.unopened(Gptbots, chosen, { ...flags, ...given })
    const source = yield* unopened.open(() => Effect.void)
    const fiber = yield* Effect.forkChild(Effect.flip(Stream.runCollect(source.conversationPages())))
    yield* TestClock.adjust("1 hour")
    return (yield* Fiber.join(fiber)).message
  }).pipe(
    Effect.provideService(HttpClient.HttpClient, client),
    Effect.provideService(Configuration.flag, Option.none()),
    Effect.provide([
      NodeServices.layer,
      ConfigProvider.layer(ConfigProvider.fromEnv({ env: { GPTBOTS_API_KEY: "token" } }))
    ])
  )

const unknown = (host: string) => `gptbots: the connection failed: the host ${host} is not known (ENOTFOUND)`
const check = "; check the network and the base URL"

describe("a host that is not known", () => {
  it.effect("by an endpoint: the flag, its value, and the nearest one", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* messageOf({ endpoint: "sgg" }),
        `${unknown("api-sgg.gptbots.ai")}, named by --endpoint sgg (did you mean sg?)${check}`
      )
      assert.strictEqual(
        yield* messageOf({ endpoint: "frankfurt" }),
        `${unknown("api-frankfurt.gptbots.ai")}, named by --endpoint frankfurt${check}`
      )
    })
  )

  it.effect("by a base URL: the flag", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* messageOf({ endpoint: "th" }, { baseUrl: Option.some("https://api.example.test") }),
        `${unknown("api.example.test")}, named by --base-url${check}`
      )
    })
  )

  it.effect("by the vendor's own address: no flag", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* messageOf({}), `${unknown("api-sg.gptbots.ai")}${check}`)
    })
  )
})
