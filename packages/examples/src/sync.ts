/**
 * Keeps a SQLite file in sync with a chatbot's history, and prints the events and the report. A second run reads only
 * what is new.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/sync.ts CHATBOT FILE [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/sync.ts demo-chatbot history.db http://127.0.0.1:8787`
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", filename = "", baseUrl] = process.argv.slice(2)

const onEvent = (event: Sync.Event): Effect.Effect<void> => {
  switch (event._tag) {
    case "Read":
      return Console.log(
        `${event.conversationId}: ${event.added} new, ${event.changed} changed, ${event.gone} gone`
      )
    case "Failed":
      return Console.error(`${event.conversationId}: ${event.message}`)
    default:
      return Effect.void
  }
}

const program = Effect.gen(function* () {
  const report = yield* Sync.sync(yield* Source, { parallel: 8, onEvent })
  yield* Console.log(
    `${report.read} conversations read, ${report.unchanged} unchanged, ${report.failed.length} failed; ${report.added} new messages`
  )
})

program.pipe(
  Effect.provide([
    Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename }))),
    Chatling.layerSource({ chatbotId, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
  ]),
  NodeRuntime.runMain
)
