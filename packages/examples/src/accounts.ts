/**
 * Syncs two accounts of one vendor at the same time into one archive. A source is a value: a program can have any number
 * of them, for several accounts, vendors or chatbots.
 *
 * `CHATLING_API_KEY_SHOP=… CHATLING_API_KEY_SUPPORT=… npx -y pnpm@12 node packages/examples/src/accounts.ts CHATBOT FILE [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY_SHOP=emulator-token CHATLING_API_KEY_SUPPORT=emulator-token npx -y pnpm@12 node packages/examples/src/accounts.ts
 * demo-chatbot history.db http://127.0.0.1:8787`
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Chatling } from "@colloquy/chatling"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", filename = "", baseUrl] = process.argv.slice(2)

/** The source of an account. The name identifies its rows in the archive, and the variable with its token. */
const sourceOf = (account: string) => Chatling.source({ chatbotId, baseUrl, account })

const syncOne = Effect.fnUntraced(function* (account: string) {
  const { added, failed } = yield* Sync.sync(yield* sourceOf(account))
  yield* Console.log(`${account}: ${added} new messages, ${failed.length} conversations failed`)
})

const program = Effect.gen(function* () {
  yield* Effect.forEach(["shop", "support"], syncOne, { concurrency: "unbounded" })
  const archive = yield* Archive
  yield* Console.log(`${yield* archive.count({ vendor: "chatling" })} conversations of both accounts`)
})

program.pipe(
  Effect.provide([Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename }))), FetchHttpClient.layer]),
  NodeRuntime.runMain
)
