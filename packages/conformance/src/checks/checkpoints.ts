/**
 * Checkpoints: where a walk goes on, and whose they are.
 */
import { Checkpoint, type Page, Source } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import { isAnswered, type SourceOf, type Subject } from "../Subject.ts"

const setting = { conversations: 45, messages: 60 }
const pageSize = 10

const itemsOf = (pages: ReadonlyArray<Page.Page<object>>) => pages.flatMap(({ items }) => items)

/** A checkpoint as another process reads it. */
const stored = (checkpoint: Checkpoint): Checkpoint =>
  decode(JSON.stringify(Schema.encodeSync(Schema.toCodecJson(Checkpoint))(checkpoint)))

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.toCodecJson(Checkpoint)))

// ---------------------------------------------------------------------------------------------------------------
// Going on
// ---------------------------------------------------------------------------------------------------------------

/** Whether a walk goes on from its checkpoints; otherwise it gives everything again. */
const resumes = (source: SourceOf, what: Stage.What, goesOn: boolean) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, setting)
    const truth = Stage.listing(stage, what).truth()
    const pages = Stage.pagesOf(stage, what)
    const exit = yield* Stage.read(
      stage,
      (service) =>
        Effect.gen(function* () {
          const all = yield* Stream.runCollect(pages(service))
          return yield* Stage.first(all.entries(), ([index, { checkpoint }]) =>
            Effect.gen(function* () {
              const before = stage.sent.length
              const rest = yield* Stream.runCollect(pages(service, stored(checkpoint)))
              const problem =
                Stage.difference(itemsOf(goesOn ? [...all.slice(0, index + 1), ...rest] : rest), truth) ??
                tooMany(stage.sent.length - before, all.length - index)
              return Stage.within(
                `${what}, from the checkpoint of page ${index + 1} of ${all.length}`,
                problem
              )
            }).pipe(Effect.catch((error) => Effect.succeed(`page ${index + 1}: ${error.message}`)))
          )
        }),
      { pageSize }
    )
    return Exit.isSuccess(exit) ? exit.value : Stage.shown(exit)
  })

/** One page is read again, and the end may need a request of its own. */
const tooMany = (requests: number, pagesLeft: number): string | undefined =>
  requests <= pagesLeft + 2 ? undefined : `${requests} requests for ${pagesLeft} pages`

export const resume = Check.ofSources("resume", (source, subject) =>
  Stage.first(Stage.whats, (what) => resumes(source, what, isAnswered(subject, what)))
)

// ---------------------------------------------------------------------------------------------------------------
// Whose they are
// ---------------------------------------------------------------------------------------------------------------

/** A walk that a checkpoint of another one is given to. */
interface Other {
  readonly name: string
  readonly source: SourceOf
  readonly what: Stage.What
  /** Which conversation: the largest, or the next. */
  readonly index?: number
  readonly reading?: Stage.Reading
}

const others = (source: SourceOf, { sources }: Subject): ReadonlyArray<Other> => [
  { name: "another account", source, what: "messages", reading: { account: "other" } },
  { name: "another conversation", source, what: "messages", index: 1 },
  { name: "another page size", source, what: "messages", reading: { pageSize: 7 } },
  { name: "another listing", source, what: "conversations" },
  ...sources.flatMap((other): ReadonlyArray<Other> =>
    other === source
      ? []
      : [
          { name: `the source ${other.name}`, source: other, what: "messages" },
          { name: `the list of ${other.name}`, source: other, what: "conversations" }
        ]
  )
]

/** The first page that a walk gives from this checkpoint, and the first request that it would make without one. */
const startOf = ({ index = 0, reading, source, what }: Other, from?: Checkpoint) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, setting)
    const { conversationIds } = stage.emulated.corpus
    const truth =
      what === "messages"
        ? Stage.rowsOf(stage, conversationIds.at(index))
        : Stage.listing(stage, what).truth()
    const pages = Stage.pagesOf(stage, what, conversationIds.at(index))
    const exit = yield* Stage.read(stage, (service) => Stream.runCollect(pages(service, from)), {
      pageSize,
      ...reading
    })
    const [sent] = stage.sent
    return { exit, truth, asked: sent === undefined ? undefined : Stage.askedBy(sent) }
  })

/** A checkpoint of a vendor that is none. */
const ofNobody = Effect.map(
  Effect.orDie(
    Stream.runCollect(
      Source.fromConversations(
        [
          {
            id: "1",
            messages: [
              { role: "user", text: "a" },
              { role: "user", text: "b" }
            ]
          }
        ],
        {
          pageSize: 1
        }
      ).messagePages({ conversationId: "1" })
    )
  ),
  ([page]) => page?.checkpoint
)

const startsAgain = (other: Other, from: Checkpoint) =>
  Effect.map(startOf(other, from), ({ exit, truth }) => {
    if (Exit.isFailure(exit)) return Stage.within(other.name, Stage.shown(exit))
    const problem =
      exit.value[0]?.restarted == null ? "the walk goes on from a checkpoint that is not its own" : undefined
    return Stage.within(other.name, problem ?? Stage.difference(itemsOf(exit.value), truth))
  })

export const checkpointOwner = Check.ofSources("checkpointOwner", (source, subject) =>
  Effect.gen(function* () {
    const own: Other = { name: "the walk itself", source, what: "messages" }
    const mine = yield* startOf(own)
    const checkpoint = Exit.isSuccess(mine.exit) ? mine.exit.value[0]?.checkpoint : undefined
    if (checkpoint === undefined) return Stage.shown(mine.exit)
    const problem = yield* Stage.first(others(source, subject), (other) =>
      Effect.gen(function* () {
        // The same first request is the same listing, and goes on from its checkpoint.
        const isSame = other.reading?.account === undefined && (yield* startOf(other)).asked === mine.asked
        return isSame ? undefined : yield* startsAgain(other, checkpoint)
      })
    )
    const nobodys = yield* ofNobody
    return (
      problem ??
      (nobodys === undefined ? "no page" : yield* startsAgain({ ...own, name: "another vendor" }, nobodys))
    )
  })
)
