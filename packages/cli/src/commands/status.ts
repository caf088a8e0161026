/**
 * `colloquy status`: what an archive has, against what the vendors claim.
 */
import { Archive, type Filter } from "@colloquy/archive"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Archives from "../Archives.ts"
import { ShortError } from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Standings from "../Standings.ts"
import * as Table from "../terminal/Table.ts"

/** Takes it for right that conversations have vanished that match. */
const acceptVanished = Effect.fnUntraced(function* (filter: Filter) {
  const archive = yield* Archive
  const accepted = yield* archive.status.acceptVanished(filter)
  yield* Output.say(
    accepted === 0
      ? "no conversation that matches has vanished"
      : `accepted: ${Table.counted(accepted, "conversation")} vanished from the vendors' lists; all that is stored stays`
  )
})

/** Prints how the conversations stand that match. */
export const show = Effect.fnUntraced(function* (
  filter: Filter,
  flags: { readonly json: boolean; readonly strict: boolean }
) {
  const archive = yield* Archive
  const conversations = yield* Stream.runCollect(archive.status.conversations(filter))
  const records = yield* Stream.runCollect(archive.quarantine.records(filter))
  const accounts = Standings.accounts(conversations, records)
  if (flags.json) yield* Output.print(JSON.stringify({ accounts, conversations }))
  else if (accounts.length === 0) yield* Output.say("the archive has nothing that matches")
  else if (filter.conversationId !== undefined) {
    yield* Output.print(conversations.map(Standings.details).join("\n\n"))
  } else {
    const broken = conversations.filter((each) => !Standings.isWhole(each))
    const missing = conversations.filter(Standings.isMissing)
    const tables = [Standings.accountTable(accounts)]
    if (broken.length > 0) tables.push(`not complete:\n${Standings.brokenTable(broken)}`)
    if (missing.length > 0)
      tables.push(`not there any more, by what the vendor says:\n${Standings.missingTable(missing)}`)
    const unplaced = records.filter(({ conversationId }) => conversationId === null).length
    if (unplaced > 0)
      tables.push(`${Table.counted(unplaced, "record")} of the lists of conversations in quarantine`)
    yield* Output.print(tables.join("\n\n"))
  }
  const shortfall = flags.strict ? Standings.shortfall(conversations, records) : undefined
  if (shortfall !== undefined) return yield* new ShortError({ problem: shortfall })
})

export const status = Command.make(
  "status",
  {
    ...Archives.flag,
    ...Archives.filter,
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print accounts and all conversations on stdout as JSON"),
      Flag.withDefault(false)
    ),
    strict: Flag.Boolean("strict").pipe(
      Flag.withDescription(
        "Exit with 6 if a conversation is not complete or has vanished, or a record is in quarantine"
      ),
      Flag.withDefault(false)
    ),
    acceptVanished: Flag.Boolean("accept-vanished").pipe(
      Flag.withDescription("Take it for right that conversations have vanished from the vendors' lists"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (flags) {
    const archive = yield* flags.acceptVanished ? Archives.existing(flags) : Archives.readable(flags)
    const filter = Archives.filterOf(flags)
    const accept = flags.acceptVanished ? acceptVanished(filter) : Effect.void
    yield* Effect.provide(Effect.andThen(accept, show(filter, flags)), archive)
  })
).pipe(
  Command.withDescription(
    [
      "Show what an archive has, against what the vendors claim.",
      "",
      "A row for each account, and below it one for each conversation that is not complete:",
      "  short    the vendor claims more messages than are known    over    fewer",
      "  partial  a reading has not come to its end                 failed  the last reading failed",
      "  unread   listed, and not read yet",
      "",
      "Then what is stored and was not there the last time: conversations that vanished from the vendor's list, and",
      "messages that did not come again and are not called gone yet."
    ].join("\n  ")
  ),
  Command.withShortDescription("Show what an archive has, against what the vendors claim"),
  Command.withExamples([
    { command: "colloquy status --archive history.db", description: "A table of all accounts" },
    {
      command: "colloquy status --archive history.db --vendor chatling --conversation 42",
      description: "Everything that is known of one conversation"
    },
    {
      command: "colloquy status --archive history.db --strict --json > status.json || alert",
      description: "For a script: fails if anything is missing"
    },
    {
      command: "colloquy status --archive history.db --vendor chatling --accept-vanished",
      description: "What was deleted at Chatling was meant to be"
    }
  ])
)
