/**
 * What stored checkpoints are bound to. A fingerprint that changes makes every archive read its listings again from
 * their start, so that none may: these are those of the first archives.
 */
import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import type { Page } from "@colloquy/core"
import { SimulatedVendor } from "@colloquy/engine"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

/** Answers every request with this body. */
const answering = (body: unknown) =>
  Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(body))))
  )

const credential = { token: Redacted.make("token"), account: "eu" }

const pages = { current_page: 1, last_page: 1 }
const botuj = Layer.provide(Botuj.layer(credential), answering([]))
const openCopilot = Layer.provide(OpenCopilot.layer(credential), answering([]))
const chatling = Layer.provide(
  Chatling.layer(credential),
  answering({ data: { messages: [], conversations: [], pages } })
)
const gptbots = Layer.provide(
  Gptbots.layer(credential),
  answering({ messages: [], conversation_content: [], list: [], total: 0 })
)

const fingerprintOf = <A, E, R>(pages: Stream.Stream<Page.Page<A>, E, R>) =>
  Effect.map(
    Stream.runHead(pages),
    Option.match({ onNone: () => "no page", onSome: ({ checkpoint }) => checkpoint.fingerprint })
  )

const conversationId = "c1"
const chatbotId = "b1"
const botId = "b1"
const organizationId = "o1"
const times = { since: 1_700_000_000_000, until: 1_710_000_000_000 }

const ofBotuj = Effect.gen(function* () {
  const botuj = yield* Botuj
  return yield* Effect.all({
    messages: fingerprintOf(botuj.messages.pages({ conversationId })),
    messagesBy30: fingerprintOf(botuj.messages.pages({ conversationId, pageSize: 30 })),
    conversations: fingerprintOf(botuj.conversations.pages({})),
    conversationsBy30: fingerprintOf(botuj.conversations.pages({ pageSize: 30 }))
  })
}).pipe(Effect.provide(botuj))

const ofChatling = Effect.gen(function* () {
  const chatling = yield* Chatling
  return yield* Effect.all({
    messages: fingerprintOf(chatling.messages.pages({ chatbotId, conversationId })),
    newestFirst: fingerprintOf(chatling.messages.pages({ chatbotId, conversationId, sort: "date_desc" })),
    conversations: fingerprintOf(chatling.conversations.pages({ chatbotId }))
  })
}).pipe(Effect.provide(chatling))

const ofGptbots = Effect.gen(function* () {
  const gptbots = yield* Gptbots
  return yield* Effect.all({
    messages: fingerprintOf(gptbots.messages.pages({ conversationId })),
    messagesBy30: fingerprintOf(gptbots.messages.pages({ conversationId, userId: "u", pageSize: 30 })),
    messagesV2: fingerprintOf(gptbots.messagesV2.pages({ conversationId })),
    conversations: fingerprintOf(gptbots.conversations.pages(times)),
    conversationsBy30: fingerprintOf(gptbots.conversations.pages({ ...times, type: "API", pageSize: 30 }))
  })
}).pipe(Effect.provide(gptbots))

const ofOpenCopilot = Effect.gen(function* () {
  const opencopilot = yield* OpenCopilot
  return yield* Effect.all({
    messages: fingerprintOf(opencopilot.messages.pages({ botId, conversationId })),
    messagesBy30: fingerprintOf(opencopilot.messages.pages({ botId, conversationId, pageSize: 30 })),
    conversations: fingerprintOf(opencopilot.conversations.pages({ botId })),
    organization: fingerprintOf(opencopilot.organizationConversations.pages({ organizationId })),
    organizationBy30: fingerprintOf(
      opencopilot.organizationConversations.pages({ organizationId, pageSize: 30, sortDirection: "DESC" })
    )
  })
}).pipe(Effect.provide(openCopilot))

const ofSimulated = (manners: SimulatedVendor.Options) =>
  Effect.gen(function* () {
    const vendor = SimulatedVendor.make(manners)
    SimulatedVendor.say(vendor, conversationId, 3)
    const source = yield* SimulatedVendor.service(vendor)
    return yield* Effect.all({
      messages: fingerprintOf(source.messagePages({ conversationId })),
      conversations: fingerprintOf(source.conversationPages())
    })
  })

describe("a listing's fingerprint is what it always was", () => {
  it.effect("of Botuj", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ofBotuj, {
        messages: "d1_030818c6ac34b81103e44a6dba5e8a9a",
        messagesBy30: "d1_645bacc97f3d92d43dd7f02989c0915d",
        conversations: "d1_a66ff30bf9e5707f85cf1dad8094d05e",
        conversationsBy30: "d1_55bde6b5e44a9fbd69eed3903a2ad6ab"
      })
    })
  )

  it.effect("of Chatling", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ofChatling, {
        messages: "d1_36bd9d58c3553cefa672c71da9dcce17",
        newestFirst: "d1_79e4919c04d43f2c020b213f78bdf16c",
        conversations: "d1_674919ed8b287857447fe62d4fd52ffd"
      })
    })
  )

  it.effect("of GPTBots", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ofGptbots, {
        messages: "d1_928abfae66c717b88140b3c7af2668b9",
        messagesBy30: "d1_1d26fc234e4ccee718e47a39caea374e",
        messagesV2: "d1_02c376a0e7817141308a941d8fd85db1",
        conversations: "d1_cdbd780a6d466652d59a2d10a7650250",
        conversationsBy30: "d1_abce776c0eda3c5ec003712f12faae7a"
      })
    })
  )

  it.effect("of OpenCopilot", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ofOpenCopilot, {
        messages: "d1_89e62cc15196ccdf975fbe973dda4bf5",
        messagesBy30: "d1_48ec85adcb1ad9f13cd25efc75eea1aa",
        conversations: "d1_ac08c75f5e994810aa258c50287e423c",
        organization: "d1_150c78271944c573048edda93a1b3f47",
        organizationBy30: "d1_be7d92f51908f99bf4c144e19c34245f"
      })
    })
  )

  it.effect("of a simulated vendor", () =>
    Effect.gen(function* () {
      const found = {
        page: yield* ofSimulated({ paging: "page" }),
        ownSize: yield* ofSimulated({ paging: "page", size: null }),
        offset: yield* ofSimulated({ paging: "offset" }),
        token: yield* ofSimulated({ paging: "token" }),
        link: yield* ofSimulated({ paging: "link", size: null })
      }
      assert.deepStrictEqual(found, {
        page: {
          messages: "d1_878e99e3944c977d899b643d92c38beb",
          conversations: "d1_c23b9bc7de159a735703576f93e35051"
        },
        ownSize: {
          messages: "d1_4fc2eb7e117db146f66011eb494be040",
          conversations: "d1_4b78086b05600e341437ee4099533ce1"
        },
        offset: {
          messages: "d1_e8abe96cac970028328475f9cfaf4edd",
          conversations: "d1_7e14686798557504888ffbdea3982b86"
        },
        token: {
          messages: "d1_f6e36486b3e7d1b4b1ce8e2981a431df",
          conversations: "d1_a647c293a0a0918b90833d39678e3cae"
        },
        link: {
          messages: "d1_0feae696ec0bf5bc56d8f5f442a6df4e",
          conversations: "d1_7a36f65b35054fce461cf8087d052fe9"
        }
      })
    })
  )
})
