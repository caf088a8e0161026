/**
 * Prints the questions that people asked in one conversation.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/questions.ts CHATBOT CONVERSATION [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/questions.ts demo-chatbot 4749997 http://127.0.0.1:8787`
 */
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
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
