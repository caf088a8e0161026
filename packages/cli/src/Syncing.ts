/**
 * The work of `sync`, for every vendor.
 */
import { Sync } from "@colloquy/archive"
import type { SourceService } from "@colloquy/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Archives from "./Archives.ts"
import { Ending, partialSync } from "./Failure.ts"
import * as Invocation from "./Invocation.ts"
import type { Unopened } from "./Opening.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import { ProgressLine } from "./terminal/ProgressLine.ts"
import * as Table from "./terminal/Table.ts"

/** The values of the flags that every sync has. */
export interface Flags extends Archives.Flags {
  readonly parallel: Option.Option<number>
  readonly full: boolean
  readonly lookback: Option.Option<Duration.Duration>
  readonly dryRun: boolean
  readonly quarantineRows: Option.Option<number>
  readonly quarantineShare: Option.Option<number>
  readonly json: boolean
}

/** The same, and the conversations to sync; none for all. */
export interface SourceFlags extends Flags {
  readonly conversation: ReadonlyArray<string>
}

/** Syncs; with `--dry-run`, prints what a sync would do. */
export const run = Effect.fnUntraced(function* (unopened: Unopened, flags: SourceFlags) {
  const progress = yield* Progress.make(unopened)
  const source = yield* unopened.open(Progress.onRequest(progress))
  if (flags.dryRun) return yield* Effect.provide(plan(source, flags), yield* Archives.planned(flags))
  yield* Effect.provide(sync(source, progress, flags), yield* Archives.created(flags))
})

/** The options of a sync that flags choose. */
export const options = (flags: SourceFlags): Sync.Options => ({
  conversations: flags.conversation.length === 0 ? undefined : [...new Set(flags.conversation)],
  parallel: Option.getOrUndefined(flags.parallel),
  full: flags.full,
  lookback: Option.getOrUndefined(flags.lookback),
  quarantine: {
    rows: Option.getOrUndefined(flags.quarantineRows),
    share: Option.getOrUndefined(flags.quarantineShare)
  }
})

// ---------------------------------------------------------------------------------------------------------------
// Sync
// ---------------------------------------------------------------------------------------------------------------

const sync = Effect.fnUntraced(function* (
  source: SourceService,
  progress: Progress.Progress,
  flags: SourceFlags
) {
  const { vendor } = source
  const { showing } = yield* ProgressLine
  const ending = yield* Ending
  // Shown if the archive does not end its transaction on an interruption.
  ending.stopped = "stopped, everything committed stays; run the same command again to go on"
  const wanted = options(flags)
  yield* Progress.expect(progress, wanted.conversations?.length)
  const running = Sync.sync(Progress.listening(progress, source), {
    ...wanted,
    onEvent: Progress.onEvent(progress)
  })
  const report = yield* showing(Progress.line([progress], "new message"), running).pipe(
    Effect.tapError(() => Output.say(`${vendor}: stopped after ${committed(progress)}`)),
    Effect.onInterrupt(() =>
      Effect.sync(() => {
        ending.stopped = `stopped after ${committed(progress)}; run the same command again to go on`
      })
    )
  )
  if (flags.json) yield* Output.print(JSON.stringify(report))
  yield* Output.say(`${vendor}: ${describe(report, progress)}`)
  for (const remark of yield* remarks(report, flags)) yield* Output.say(`  ${remark}`)
  const [first] = report.failed
  if (first !== undefined) return yield* partialSync(first, report.failed.length, report.conversations)
})

const committed = ({ conversations, messages }: Progress.Progress): string =>
  `${Table.counted(conversations, "conversation")} and ${Table.counted(messages, "new message")}, everything committed stays`

/** A report as a person reads it. */
export const describe = (report: Sync.Report, { requests, retries }: Progress.Progress): string => {
  const { added, changed, conversations, failed, gone, millis, read, suspected, unchanged, withheld } = report
  const how = [
    `${Table.count(read)} read`,
    ...(unchanged > 0 ? [`${Table.count(unchanged)} unchanged`] : []),
    ...(failed.length > 0 ? [`${Table.count(failed.length)} failed`] : [])
  ]
  const what = [
    Table.counted(added, "new message"),
    ...(changed > 0 ? [`${Table.count(changed)} changed`] : []),
    ...(gone > 0 ? [`${Table.count(gone)} gone`] : []),
    ...(suspected > 0 ? [`${Table.count(suspected)} did not come again`] : []),
    ...(withheld > 0 ? [`${Table.count(withheld)} left out of forgotten users`] : [])
  ]
  return `${Table.counted(conversations, "conversation")} (${how.join(", ")}), ${what.join(", ")}; ${Table.counted(requests, "request")}${retries > 0 ? `, ${Table.count(retries)} of them again,` : ""} in ${Table.seconds(millis)}`
}

/** What a person may want to look at, and the command for it. */
export const remarks = Effect.fnUntraced(function* (
  { inQuarantine, unchanged, vanished }: Sync.Report,
  flags: Flags
) {
  const list = yield* Invocation.command("quarantine list", flags)
  const status = yield* Invocation.command("status", flags)
  return [
    ...(inQuarantine !== null && inQuarantine > 0
      ? [
          `not in the archive: ${Table.counted(inQuarantine, "record")} could not be decoded; look at ${inQuarantine === 1 ? "it" : "them"} with ${list}`
        ]
      : []),
    ...(vanished > 0
      ? [
          `${Table.counted(vanished, "conversation")} vanished from the vendor's list; look at them with ${status}`
        ]
      : []),
    ...(flags.full && unchanged > 0
      ? [
          `${Table.counted(unchanged, "conversation")} had been read in full by the run that this one continues: only their new messages were read now`
        ]
      : [])
  ]
})

// ---------------------------------------------------------------------------------------------------------------
// Dry run
// ---------------------------------------------------------------------------------------------------------------

const columns: ReadonlyArray<Table.Column> = [
  { title: "conversation", numeric: false },
  { title: "stored", numeric: true },
  { title: "claimed", numeric: true },
  { title: "would read", numeric: false },
  { title: "because", numeric: false }
]

/** A conversation in a dry run; the fields of `--dry-run --json`. */
interface Told {
  readonly conversationId: string
  /** `first`: its first read begins, or is resumed. */
  readonly need: "nothing" | "new" | "first" | "whole"
  readonly why: string
  readonly stored: number
  readonly claimed: number | null
}

/** Prints what a sync would do; `name` is the source's in the configuration. */
export const plan = Effect.fnUntraced(function* (source: SourceService, flags: SourceFlags, name?: string) {
  const { account, vendor } = source
  const told = yield* Stream.runCollect(
    Stream.map(Sync.plan(source, options(flags)), (each) => tell(each, flags))
  )
  if (flags.json) {
    const text = Output.ndjson(
      told.map((each) => ({ ...(name === undefined ? {} : { source: name }), vendor, account, ...each }))
    )
    return yield* Effect.asVoid(Output.write(Stream.succeed(text), Option.none()))
  }
  const rows = told.map(({ claimed, conversationId, need, stored, why }) => [
    conversationId,
    Table.count(stored),
    claimed === null ? "–" : Table.count(claimed),
    words[need],
    why
  ])
  if (name !== undefined) yield* Output.print(`${name} (${vendor}, account ${account})`)
  if (rows.length > 0) yield* Output.print(Table.render(columns, rows, yield* Output.width))
  const count = (need: Told["need"]) => told.filter((each) => each.need === need).length
  const counts = [
    `${count("first")} to read for the first time`,
    `${count("new")} to look for new messages`,
    `${count("whole")} to read whole`,
    `${count("nothing")} to leave alone`
  ].filter((text) => !text.startsWith("0 "))
  yield* Output.say(
    `${name ?? vendor}: dry run, nothing was written. ${Table.counted(told.length, "conversation")}${counts.length > 0 ? `: ${counts.join(", ")}` : ""}`
  )
})

const words = { nothing: "nothing", new: "what is new", first: "all of it", whole: "all of it" } as const

/** The need, in the words of `sync --dry-run --json`. */
const needs = { skip: "nothing", incremental: "new", full: "whole" } as const

/** Whether a conversation would be read, and why. */
const tell = ({ conversation, need, state }: Sync.Planned, flags: Flags): Told => {
  const stored = state?.stored ?? 0
  const told = {
    conversationId: conversation.id,
    need: needs[need],
    stored,
    claimed: conversation.messageCount
  }
  const because = (why: string): Told => ({ ...told, why })
  if (need === "skip") return because("the vendor's list shows no change")
  if (state === undefined || state.finishedReading === 0) {
    return {
      ...told,
      need: "first",
      why: stored === 0 ? "it was not read yet" : "its first read was interrupted"
    }
  }
  if (need === "full") {
    return because(whyWhole(state, flags))
  }
  if (state.failure !== null) return because("the last read failed")
  if (!state.finished) return because("the last read was interrupted")
  return because("there may be new messages")
}

const whyWhole = (
  { claimed, counted, doubted, suspected }: NonNullable<Sync.Planned["state"]>,
  { full }: Flags
): string => {
  if (full) return "--full"
  if (doubted) {
    return suspected > 0
      ? "messages did not come the last time"
      : "records could not be decoded the last time"
  }
  if (claimed !== null && claimed > counted) return "the vendor's list counts more than is known"
  return "active within --lookback, or its activity is not known"
}
