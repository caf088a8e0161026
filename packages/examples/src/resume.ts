/**
 * Reads a conversation into a file of JSON lines, and resumes where it was stopped or killed: every message is in the
 * file once. Run it again later, and it adds what is new.
 *
 * The place is kept in `FILE.checkpoint`: the checkpoint of the last page, and how long the file was with it. It is
 * replaced at once, by renaming, after the page's lines are on the disk. What a killed run has written after it is cut
 * off. A database keeps both in one transaction instead; `Sync.sync` of the archive does that.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/resume.ts CHATBOT CONVERSATION FILE [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/resume.ts demo-chatbot 4749997 messages.ndjson http://127.0.0.1:8787`
 */
import { Chatling } from "@colloquy/chatling"
import { Checkpoint, type Message, type Page, Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, FileSystem, Layer, Option, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", conversationId = "", filename = "", baseUrl] = process.argv.slice(2)

const Place = Schema.fromJsonString(Schema.Struct({ bytes: Schema.Int, checkpoint: Checkpoint }))
const decodePlace = Schema.decodeEffect(Place)
const encodePlace = Schema.encodeEffect(Place)

/** The place that an earlier run has kept. */
const readPlace = FileSystem.FileSystem.use((fs) => fs.readFileString(`${filename}.checkpoint`)).pipe(
  Effect.flatMap(decodePlace),
  Effect.asSome,
  Effect.catchReason("PlatformError", "NotFound", () => Effect.succeedNone)
)

/** Replaces the place: a reader sees the old one or the new one. */
const keepPlace = Effect.fn("keepPlace")(function* (place: typeof Place.Type) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFileString(`${filename}.partial`, yield* encodePlace(place))
  yield* fs.rename(`${filename}.partial`, `${filename}.checkpoint`)
})

const linesOf = ({ items }: Page.Page<Message>): Uint8Array =>
  new TextEncoder().encode(items.map((message) => `${JSON.stringify(message)}\n`).join(""))

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const place = Option.getOrUndefined(yield* readPlace)
  const file = yield* fs.open(filename, { flag: place === undefined ? "w" : "r+" })
  let bytes = place?.bytes ?? 0
  yield* file.truncate(bytes)
  yield* file.seek(BigInt(bytes), "start")
  yield* Console.log(place === undefined ? "from the start" : `from message ${place.checkpoint.received}`)

  const pages = Source.messagePages({ conversationId, from: place?.checkpoint })
  yield* Stream.runForEach(
    pages,
    Effect.fnUntraced(function* (page) {
      if (page.restarted !== null) {
        bytes = 0
        yield* file.truncate(0)
        yield* file.seek(0n, "start")
      }
      const lines = linesOf(page)
      yield* file.writeAll(lines)
      yield* file.sync
      bytes += lines.length
      yield* keepPlace({ bytes, checkpoint: page.checkpoint })
      yield* Console.log(`${page.checkpoint.received} messages`)
    })
  )
  yield* Console.log("complete")
})

program.pipe(
  Effect.scoped,
  Effect.provide([
    Chatling.layerSource({ chatbotId, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer)),
    NodeServices.layer
  ]),
  NodeRuntime.runMain
)
