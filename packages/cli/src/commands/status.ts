/**
 * `colloquy status`: what an archive has, compared with what the vendors claim.
 */
import { Archive, type Filter } from "@colloquy/archive"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Archives from "../Archives.ts"
import { ShortError } from "../Failure.ts"
import * as Invocation from "../Invocation.ts"
import * as Output from "../Output.ts"
import * as Selection from "../Selection.ts"
import * as StatusSummary from "../StatusSummary.ts"
import * as Table from "../terminal/Table.ts"
import type * as Vendors from "../Vendors.ts"

/** Accepts that the matching conversations have vanished. */
const acceptVanished = Effect.fnUntraced(function* (filter: Filter) {
  const archive = yield* Archive
  const accepted = yield* archive.status.acceptVanished(filter)
  yield* Output.say(
    accepted === 0
      ? "no conversation that matches has vanished"
      : `accepted: ${Table.counted(accepted, "conversation")} vanished from the vendors' lists; all that is stored stays`
  )
})

/** Prints the sync states of the matching conversations. Accepts first that they have vanished, if asked to. */
export const show = Effect.fnUntraced(function* (
  filter: Filter,
  flags: Archives.Flags & {
    readonly json: boolean
    readonly strict: boolean
    readonly acceptVanished: boolean
  }
) {
  const width = yield* Output.width
  const archive = yield* Archive
  const unmatched = yield* Selection.unmatched(filter, flags.strict)
  if (flags.acceptVanished) yield* acceptVanished(filter)
  const conversations = yield* Stream.runCollect(archive.status.conversations(filter))
  const records = yield* Stream.runCollect(archive.quarantine.records(filter))
  const accounts = StatusSummary.accounts(conversations, records)
  const unfinishedLists =
    filter.conversationId === undefined ? yield* archive.status.unfinishedLists(filter) : 0
  if (accounts.length === 0) yield* Output.say(unmatched ?? "the archive has no conversation yet")
  if (flags.json) yield* Output.print(JSON.stringify({ accounts, conversations, unfinishedLists }))
  else if (filter.conversationId !== undefined) {
    yield* Output.print(conversations.map((each) => StatusSummary.details(each, width)).join("\n\n"))
  } else if (accounts.length > 0) {
    const broken = conversations.filter((each) => !StatusSummary.isWhole(each))
    const missing = conversations.filter(StatusSummary.isMissing)
    const tables = [StatusSummary.accountTable(accounts, width)]
    if (broken.length > 0) tables.push(`not complete:\n${StatusSummary.brokenTable(broken, width)}`)
    if (missing.length > 0) tables.push(`did not come again:\n${StatusSummary.missingTable(missing, width)}`)
    if (unfinishedLists > 0) tables.push(StatusSummary.unfinished(unfinishedLists))
    const unplaced = records.filter(({ conversationId }) => conversationId === null).length
    if (unplaced > 0)
      tables.push(`${Table.counted(unplaced, "record")} of the lists of conversations in quarantine`)
    yield* Output.print(tables.join("\n\n"))
  }
  if (!flags.strict) return
  const known = { conversations, records, unfinishedLists }
  const shortfall = StatusSummary.shortfall(known, {
    quarantineList: yield* Invocation.command("quarantine list", flags),
    acceptVanished: yield* Invocation.command("status --accept-vanished", flags)
  })
  if (shortfall !== undefined) return yield* new ShortError({ problem: shortfall })
})

export const status = (vendors: Vendors.Registry) =>
  Command.make(
    "status",
    {
      ...Archives.flag,
      ...Archives.filter(vendors),
      json: Flag.Boolean("json").pipe(
        Flag.withDescription("Print accounts and conversations on stdout as JSON"),
        Flag.withDefault(false)
      ),
      strict: Flag.Boolean("strict").pipe(
        Flag.withDescription(
          "Exit with 6 if a conversation is not complete or has vanished, a list was never read to its end, or a record is in quarantine, and with 4 if nothing matches"
        ),
        Flag.withDefault(false)
      ),
      acceptVanished: Flag.Boolean("accept-vanished").pipe(
        Flag.withDescription(
          "Accept that conversations have vanished from the vendors' lists; what is stored stays"
        ),
        Flag.withDefault(false)
      )
    },
    Effect.fnUntraced(function* (flags) {
      const archive = yield* flags.acceptVanished ? Archives.existing(flags) : Archives.readable(flags)
      yield* Effect.provide(show(Archives.filterOf(flags), flags), archive)
    })
  ).pipe(
    Command.withDescription(
      [
        "Show what an archive has, compared with what the vendors claim.",
        "",
        "One row for each account, then one for each conversation that is not complete:",
        "  short        the vendor claims more messages than are known",
        "  over         the vendor claims fewer messages than are known",
        "  partial      a read has not come to its end",
        "  failed       the last read failed",
        "  unread       listed, and not read yet",
        "  quarantined  complete but for records that could not be decoded",
        "",
        "Then what is stored but did not come the last time: conversations that vanished from the vendor's list, and messages that are not called gone yet."
      ].join("\n  ")
    ),
    Command.withShortDescription("Show what an archive has, compared with what the vendors claim"),
    Command.withExamples([
      { command: "colloquy status --archive history.db", description: "A table of all accounts" },
      {
        command: "colloquy status --archive history.db --vendor chatling --conversation 42",
        description: "Everything about one conversation"
      },
      {
        command: "colloquy status --archive history.db --strict --json > status.json || alert",
        description: "For a script: exits with 6 if anything is missing"
      },
      {
        command: "colloquy status --archive history.db --vendor chatling --accept-vanished",
        description: "The conversations were deleted at Chatling on purpose"
      }
    ])
  )
