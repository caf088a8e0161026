/**
 * What the tests share: readers over an emulator, and a clock that moves.
 */
import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import { type Credential, type SourceError } from "@colloquy/core"
import { Emulator, type Options, Rows } from "@colloquy/emulator"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import { Effect, Exit, Fiber, Layer, Option, Redacted, Stream } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"

export const token = "emulator-token"

/** All four vendors' services with one credential. */
export const vendors = (
  baseUrl = "http://127.0.0.1"
): Layer.Layer<OpenCopilot | Chatling | Botuj | Gptbots, SourceError, HttpClient.HttpClient> => {
  const credential: Credential.Options = { token: Redacted.make(token), baseUrl }
  return Layer.mergeAll(
    OpenCopilot.layer(credential),
    Chatling.layer(credential),
    Botuj.layer(credential),
    Gptbots.layer(credential)
  )
}

/** Vendors over an emulator on the same fiber. */
export const inProcess = (options: Options = {}) =>
  vendors().pipe(Layer.provideMerge(Emulator.layerHttpClient), Layer.provideMerge(Emulator.layer(options)))

/** Runs with the test clock moving on until it is done. */
export const settle = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
  for (let second = 0; second < 3000 && fiber.pollUnsafe() === undefined; second++) {
    yield* TestClock.adjust("1 second")
  }
  return yield* Fiber.await(fiber)
})

/** The reason of a failure. */
export const reasonOf = <A>(exit: Exit.Exit<A, SourceError>) =>
  Option.getOrUndefined(Exit.findErrorOption(exit))?.reason

/** Everything of a window of time that no conversation lies outside of. */
export const always = { since: 0, until: 4_000_000_000_000 }

/** What every listing of every vendor gives, read by the real clients. */
export const readEverything = Effect.fnUntraced(function* (options: { readonly pageSize?: number } = {}) {
  const { corpus } = yield* Emulator
  return {
    opencopilot: yield* readOpenCopilot(corpus.opencopilot, options),
    chatling: yield* readChatling(corpus.chatling),
    botuj: yield* readBotuj(corpus.botuj, options),
    gptbots: yield* readGptbots(corpus.gptbots, options)
  }
})

type Truth = Emulator["Service"]["corpus"]
type Size = { readonly pageSize?: number }

/** One request without a vendor's client: status, headers and JSON. */
export const get = Effect.fnUntraced(function* (path: string, bearer: string | null = token) {
  const client = yield* HttpClient.HttpClient
  const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` }
  const response = yield* client.get(`http://127.0.0.1${path}`, { headers })
  return { status: response.status, headers: response.headers, body: yield* response.json }
})

const ids = (rows: Rows.Rows<string>) => Rows.toArray(rows)

export const readOpenCopilot = Effect.fnUntraced(function* (truth: Truth["opencopilot"], size: Size = {}) {
  const client = yield* OpenCopilot
  const { botId, organizationId } = truth
  return {
    conversations: yield* Stream.runCollect(client.conversations({ botId, ...size })),
    organizationConversations: yield* Stream.runCollect(
      client.organizationConversations({ organizationId, ...size })
    ),
    messages: yield* Effect.forEach(ids(truth.conversationIds), (conversationId) =>
      Stream.runCollect(client.messages({ botId, conversationId, ...size }))
    )
  }
})

export const readChatling = Effect.fnUntraced(function* ({ chatbotId, conversationIds }: Truth["chatling"]) {
  const client = yield* Chatling
  const read = (sort: "date_asc" | "date_desc") =>
    Effect.forEach(ids(conversationIds), (conversationId) =>
      Stream.runCollect(client.messages({ chatbotId, conversationId, sort }))
    )
  return {
    conversations: yield* Stream.runCollect(client.conversations({ chatbotId })),
    messages: yield* read("date_asc"),
    newestFirst: yield* read("date_desc")
  }
})

export const readBotuj = Effect.fnUntraced(function* (truth: Truth["botuj"], size: Size = {}) {
  const client = yield* Botuj
  return {
    conversations: yield* Stream.runCollect(client.conversations(size)),
    messages: yield* Effect.forEach(ids(truth.conversationIds), (conversationId) =>
      Stream.runCollect(client.messages({ conversationId, ...size }))
    )
  }
})

export const readGptbots = Effect.fnUntraced(function* (truth: Truth["gptbots"], size: Size = {}) {
  const client = yield* Gptbots
  const all = ids(truth.conversationIds)
  return {
    conversations: yield* Stream.runCollect(client.conversations({ ...always, ...size })),
    messages: yield* Effect.forEach(all, (conversationId) =>
      Stream.runCollect(client.messages({ conversationId, ...size }))
    ),
    messagesV2: yield* Effect.forEach(all, (conversationId) =>
      Stream.runCollect(client.messagesV2({ conversationId, ...size }))
    )
  }
})

const all = <A>(rows: Rows.Rows<string>, of: (id: string) => Rows.Rows<A> | undefined) =>
  ids(rows).map((id) => Rows.toArray(of(id) ?? { length: 0, at: () => unreachable() }))

/** The truth in the same shape. */
export const everything = (corpus: Truth) => {
  const { botuj, chatling, gptbots, opencopilot } = corpus
  const messages = all(chatling.conversationIds, chatling.messages)
  return {
    opencopilot: {
      conversations: Rows.toArray(opencopilot.conversations),
      organizationConversations: Rows.toArray(opencopilot.organizationConversations),
      messages: all(opencopilot.conversationIds, opencopilot.messages)
    },
    chatling: {
      conversations: Rows.toArray(chatling.conversations),
      messages,
      newestFirst: messages.map((rows) => rows.toReversed())
    },
    botuj: {
      conversations: Rows.toArray(botuj.conversations),
      messages: all(botuj.conversationIds, botuj.messages)
    },
    gptbots: {
      conversations: Rows.toArray(gptbots.conversations),
      messages: all(gptbots.conversationIds, gptbots.messages),
      messagesV2: all(gptbots.conversationIds, gptbots.messagesV2)
    }
  }
}

const unreachable = (): never => {
  throw new Error("the corpus does not know its own id")
}
