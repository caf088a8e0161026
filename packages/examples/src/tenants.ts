/**
 * Accounts that are known only at run time: each request names one, and its source is made once and cached for a while.
 *
 * `CHATLING_API_KEY_SHOP=… CHATLING_API_KEY_SUPPORT=… npx -y pnpm@12 node packages/examples/src/tenants.ts CHATBOT [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here give both variables the token `emulator-token`,
 * `demo-chatbot` as the chatbot and `http://127.0.0.1:8787` as the base URL.
 */
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, RcMap, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", baseUrl] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const sources = yield* RcMap.make({
    lookup: (account: string) => Chatling.source({ account, chatbotId, baseUrl }),
    idleTimeToLive: "10 minutes"
  })

  // Each account has its own variable for the token, and its own budget of requests.
  const count = (account: string) =>
    Effect.gen(function* () {
      const source = yield* RcMap.get(sources, account)
      const messages = yield* Stream.runCount(Source.history(source))
      yield* Console.log(`${source.account}: ${messages} messages`)
    }).pipe(Effect.scoped)

  yield* Effect.forEach(["shop", "support", "shop"], count)
})

program.pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer), NodeRuntime.runMain)
