/**
 * The work of `pull` and `conversations`, for every vendor.
 */
import type { Page, SourceError, SourceService } from "@colloquy/core"
import type * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type { StorageError, UsageError } from "./Failure.ts"
import type * as Flags from "./Flags.ts"
import type { Unopened } from "./Opening.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import { ProgressLine } from "./terminal/ProgressLine.ts"
import * as Table from "./terminal/Table.ts"
import type * as Token from "./Token.ts"

type Failure = SourceError | Config.ConfigError | StorageError | UsageError
type Needs = HttpClient.HttpClient | Stdio.Stdio | Token.Needs | ProgressLine

/** Writes the messages of one conversation, or of every conversation that the vendor lists, as NDJSON. */
export const pull = (
  unopened: Unopened,
  flags: Flags.Ndjson,
  conversationId: string | undefined
): Effect.Effect<void, Failure, Needs> =>
  reading("message", unopened, flags, (source, progress) =>
    conversationId === undefined
      ? everyMessage(source, progress)
      : messagesOf(source, progress, conversationId)
  )

/** Writes the conversations that the vendor lists, as NDJSON. */
export const conversations = (unopened: Unopened, flags: Flags.Ndjson): Effect.Effect<void, Failure, Needs> =>
  reading("conversation", unopened, flags, (source, progress) =>
    counted(source.conversationPages(), (page) => Progress.addConversations(progress, page))
  )

/** Every message of every listed conversation, one conversation after the other. */
const everyMessage = (
  source: SourceService,
  progress: Progress.Progress
): Stream.Stream<Page.Page<unknown>, SourceError> =>
  counted(source.conversationPages(), (page) => Progress.addList(progress, page)).pipe(
    Stream.flatMap((page) => Stream.fromArray(page.items)),
    Stream.flatMap((conversation) =>
      counted(source.messagePages({ conversationId: conversation.id, conversation }), (page) =>
        Progress.addMessages(progress, page)
      ).pipe(Stream.onEnd(Effect.sync(() => void (progress.conversations += 1))))
    )
  )

const messagesOf = (
  source: SourceService,
  progress: Progress.Progress,
  conversationId: string
): Stream.Stream<Page.Page<unknown>, SourceError> => {
  progress.conversations = 1
  return counted(source.messagePages({ conversationId }), (page) => Progress.addMessages(progress, page))
}

const counted = <A, R>(
  pages: Stream.Stream<Page.Page<A>, SourceError, R>,
  add: (page: Page.Page<A>) => void
): Stream.Stream<Page.Page<A>, SourceError, R> => Stream.tap(pages, (page) => Effect.sync(() => add(page)))

/** Reads with a progress line, writes NDJSON, and prints a summary on stderr at the end. */
const reading = Effect.fnUntraced(function* (
  noun: Progress.Noun,
  unopened: Unopened,
  flags: Flags.Ndjson,
  pages: (
    source: SourceService,
    progress: Progress.Progress
  ) => Stream.Stream<Page.Page<unknown>, SourceError>
): Effect.fn.Return<void, Failure, Needs> {
  const progress = yield* Progress.make(unopened)
  const source = yield* unopened.open(Progress.onRequest(progress))
  const { showing } = yield* ProgressLine
  const text = Stream.map(pages(source, progress), (page) => Output.ndjson(page.items))
  const whole = yield* showing(Progress.line([progress], noun), Output.write(text, flags.out))
  if (!whole) return
  const summary = yield* Progress.summary(progress)
  yield* flags.json ? Console.error(JSON.stringify(summary)) : Output.say(describe(summary, noun))
})

const describe = (summary: Progress.Summary, noun: Progress.Noun): string => {
  const counts = [
    Table.counted(summary.conversations, "conversation"),
    ...(noun === "conversation" ? [] : [Table.counted(summary.messages, noun)]),
    Table.counted(summary.pages, "page"),
    Table.counted(summary.retries, "retry", "retries")
  ].join(", ")
  const lines = [
    `${summary.vendor}: complete. ${counts} in ${Table.seconds(summary.millis)}; proven by ${proofsText(summary.proofs)}`,
    ...summary.mended.map((what) => `  mended: ${what}`),
    ...summary.unverified.map((what) => `  not verified: ${what}`)
  ]
  return lines.join("\n")
}

/** `lastPage × 3, total × 12` */
const proofsText = (proofs: Progress.Summary["proofs"]): string =>
  Object.entries(proofs)
    .map(([proof, count]) => `${proof} × ${count}`)
    .join(", ")
