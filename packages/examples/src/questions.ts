/**
 * The questions that people asked in one conversation: run it with CHATLING_API_KEY, a chatbot and a conversation.
 *
 * `CHATLING_API_KEY=… node packages/examples/src/questions.ts CHATBOT CONVERSATION [BASE_URL]`
 */
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", conversationId = "", baseUrl] = process.argv.slice(2)

// The application: any vendor.
const questions = Source.messages({ conversationId }).pipe(
  Stream.filter((message) => message.role === "user"),
  Stream.runForEach((message) => Console.log(`${message.createdAt}  ${message.text}`))
)

// The edge: this vendor, the token from CHATLING_API_KEY, any HttpClient.
questions.pipe(
  Effect.provide(Chatling.layerSource({ chatbotId, baseUrl })),
  Effect.catchReason("SourceError", "NotFound", () => Console.error("no such conversation")),
  Effect.provide(FetchHttpClient.layer),
  NodeRuntime.runMain
)
