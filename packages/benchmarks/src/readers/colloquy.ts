/**
 * Colloquy: checked rows, canonical messages, an end that is proven.
 */
import { Source } from "@colloquy/core"
import { Gptbots } from "@colloquy/gptbots"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Read, Target } from "./reader.ts"

/** The reading before it is run. */
export const reading = ({ baseUrl, concurrency, conversationId }: Target, see: (text: string) => void) =>
  Source.messages({ conversationId }).pipe(
    Stream.runForEachArray((messages) =>
      Effect.sync(() => {
        for (const { text } of messages) see(text)
      })
    ),
    Effect.provide(
      Layer.provide(
        Gptbots.layerSource({ baseUrl, concurrency, token: Redacted.make("benchmark") }),
        NodeHttpClient.layerUndici
      )
    )
  )

export const read: Read = (target, see) => Effect.runPromise(reading(target, see))
