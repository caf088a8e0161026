/**
 * Exports an archive's messages as pairs of question and answer, to evaluate a bot with: one JSON object a line. It
 * sends no request, and holds at most one conversation in memory.
 *
 * `npx -y pnpm@12 node packages/examples/src/export.ts FILE > pairs.ndjson`, where FILE is what `sync.ts` has made.
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import type { Message } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Schema, Stdio, Stream } from "effect"
import { Ndjson } from "effect/encoding"

const [filename = ""] = process.argv.slice(2)

const Pair = Schema.Struct({
  conversation: Schema.String,
  question: Schema.String,
  answer: Schema.String,
  liked: Schema.NullOr(Schema.Boolean)
})

/** A question of a person, and the bot's answer right after it. */
const pairsOf = (messages: ReadonlyArray<Message>): ReadonlyArray<typeof Pair.Type> =>
  messages.flatMap((message, index) => {
    const before = messages[index - 1]
    if (message.role !== "assistant" || before?.role !== "user") return []
    return {
      conversation: message.conversationId,
      question: before.text,
      answer: message.text,
      liked: message.feedback === null ? null : message.feedback === "positive"
    }
  })

const program = Effect.gen(function* () {
  const archive = yield* Archive
  const { stdout } = yield* Stdio.Stdio
  yield* archive.messages({ vendor: "chatling" }).pipe(
    // Messages come conversation by conversation.
    Stream.groupAdjacentBy(({ conversationId }) => conversationId),
    Stream.flatMap(([, messages]) => Stream.fromIterable(pairsOf(messages))),
    Stream.pipeThroughChannel(Ndjson.encodeSchema(Pair)()),
    Stream.run(stdout())
  )
})

program.pipe(
  Effect.provide([Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename }))), NodeServices.layer]),
  NodeRuntime.runMain
)
