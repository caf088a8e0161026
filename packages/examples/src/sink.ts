/**
 * Connects a walk and the archive by hand: use it to choose the conversations, or to process each page before it is
 * stored. `Sync.sync` does this and more.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/sink.ts CHATBOT FILE [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/sink.ts demo-chatbot :memory: http://127.0.0.1:8787`
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Chatling } from "@colloquy/chatling"
import { type Conversation, Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", filename = "", baseUrl] = process.argv.slice(2)

/** Reads one conversation from the archive's checkpoint. A page's rows and its checkpoint are one transaction. */
const readOne = Effect.fn("readOne")(function* (conversation: Conversation) {
  const source = yield* Source
  const session = yield* Archive.use((archive) =>
    archive.sessions.open(conversation, { want: "incremental" })
  )
  if (session === undefined) return yield* Console.log(`${conversation.id}: was forgotten`)
  const pages = source.messagePages({
    conversationId: conversation.id,
    conversation,
    from: session.from,
    verify: session.kind === "verified",
    undecodable: "keep"
  })
  yield* Stream.run(
    Stream.tap(pages, ({ items }) => Console.log(`${conversation.id}: a page of ${items.length}`)),
    Archive.sink(session)
  )
})

const program = Effect.gen(function* () {
  yield* Source.conversations.pipe(
    Stream.mapEffect(readOne, { concurrency: 4, unordered: true }),
    Stream.runDrain
  )
  const conversations = yield* Archive.use((archive) => Stream.runCollect(archive.status.conversations()))
  const stored = conversations.reduce((sum, { stored }) => sum + stored, 0)
  yield* Console.log(`${stored} messages of ${conversations.length} conversations`)
})

program.pipe(
  Effect.provide([
    Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename }))),
    Chatling.layerSource({ chatbotId, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
  ]),
  NodeRuntime.runMain
)
