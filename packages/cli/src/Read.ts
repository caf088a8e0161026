/**
 * What `pull` and `conversations` do, whichever vendor they read.
 */
import type { Page, SourceError, SourceService } from "@colloquy/core"
import type * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Path from "effect/Path"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type { StorageError, UsageError } from "./Failure.ts"
import * as Flags from "./Flags.ts"
import * as Output from "./Output.ts"
import * as Tally from "./Tally.ts"
import { Progress } from "./terminal/Progress.ts"
import * as Table from "./terminal/Table.ts"
import * as Traffic from "./Traffic.ts"
import type { OpenSource } from "./Vendors.ts"

type Failure = SourceError | Config.ConfigError | StorageError | UsageError
type Needs = HttpClient.HttpClient | Stdio.Stdio | FileSystem.FileSystem | Path.Path | Progress

/** Writes canonical messages: of one conversation, or of all that the vendor lists. */
export const pull = Effect.fnUntraced(function* (
  open: OpenSource,
  flags: Flags.Common & Flags.Which
): Effect.fn.Return<void, Failure, Needs> {
  const conversationId = yield* Flags.conversationOf(flags)
  yield* reading(open, flags, (source, tally) =>
    conversationId === undefined ? everyMessage(source, tally) : messagesOf(source, tally, conversationId)
  )
})

/** Writes canonical conversations. */
export const conversations = (open: OpenSource, flags: Flags.Common): Effect.Effect<void, Failure, Needs> =>
  reading(open, flags, (source, tally) =>
    counted(source.conversationPages(), (page) => Tally.addConversations(tally, page))
  )

/** Every message of every conversation that the vendor lists, one conversation after the other. */
export const everyMessage = (
  source: SourceService,
  tally: Tally.Tally
): Stream.Stream<Page.Page<unknown>, SourceError> =>
  counted(source.conversationPages(), (page) => Tally.addConversations(tally, page)).pipe(
    Stream.flatMap((page) => Stream.fromArray(page.items)),
    Stream.flatMap((conversation) =>
      counted(source.messagePages({ conversationId: conversation.id, conversation }), (page) =>
        Tally.addMessages(tally, page)
      )
    )
  )

const messagesOf = (
  source: SourceService,
  tally: Tally.Tally,
  conversationId: string
): Stream.Stream<Page.Page<unknown>, SourceError> => {
  tally.conversations = 1
  return counted(source.messagePages({ conversationId }), (page) => Tally.addMessages(tally, page))
}

const counted = <A, R>(
  pages: Stream.Stream<Page.Page<A>, SourceError, R>,
  add: (page: Page.Page<A>) => void
): Stream.Stream<Page.Page<A>, SourceError, R> => Stream.tap(pages, (page) => Effect.sync(() => add(page)))

/** Reads with a progress line, writes as NDJSON, and closes with a summary on stderr. */
const reading = Effect.fnUntraced(function* (
  open: OpenSource,
  flags: Flags.Common,
  pages: (source: SourceService, tally: Tally.Tally) => Stream.Stream<Page.Page<unknown>, SourceError>
): Effect.fn.Return<void, Failure, Needs> {
  const traffic = Traffic.make()
  const source = yield* open(traffic)
  const tally = yield* Tally.make(source, traffic)
  const { showing } = yield* Progress
  const text = Stream.map(pages(source, tally), (page) => Output.ndjson(page.items))
  const whole = yield* showing(Tally.line(tally), Output.write(text, flags.out))
  if (!whole) return
  const summary = yield* Tally.summary(tally)
  yield* flags.json ? Console.error(JSON.stringify(summary)) : Output.say(describe(summary))
})

const describe = (summary: Tally.Summary): string => {
  const counts = [
    `${Table.count(summary.conversations)} conversation${summary.conversations === 1 ? "" : "s"}`,
    `${Table.count(summary.messages)} messages`,
    `${Table.count(summary.pages)} pages`,
    `${Table.count(summary.retries)} retries`
  ].join(", ")
  const lines = [
    `${summary.vendor}: complete. ${counts} in ${Table.seconds(summary.millis)}; proven by ${Tally.proofsText(summary.proofs)}`,
    ...summary.mended.map((what) => `  mended: ${what}`),
    ...summary.unverified.map((what) => `  not verified: ${what}`)
  ]
  return lines.join("\n")
}
