/**
 * What a web page would have: core and one vendor, over `fetch`.
 */
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import { Effect, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

/** The number of messages of a chatbot. */
export const count = (baseUrl: string): Promise<number> =>
  Chatling.source({ chatbotId: "demo-chatbot", token: Redacted.make("emulator-token"), baseUrl }).pipe(
    Effect.flatMap((source) => Stream.runCount(Source.history(source))),
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )
