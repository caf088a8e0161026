/**
 * `colloquy status`: what an archive has, against what the vendors claim.
 */
import { Archive, type Filter } from "@colloquy/archive"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Archives from "../Archives.ts"
import { ShortError } from "../Failure.ts"
import * as Standings from "../Standings.ts"
import * as Table from "../terminal/Table.ts"

/** Prints how the conversations stand that match. */
export const show = Effect.fnUntraced(function* (
  filter: Filter,
  flags: { readonly json: boolean; readonly strict: boolean }
) {
  const archive = yield* Archive
  const conversations = yield* archive.status(filter)
  const records = yield* archive.quarantined(filter)
  const accounts = Standings.accounts(conversations, records)
  if (flags.json) yield* Console.log(JSON.stringify({ accounts, conversations }))
  else if (accounts.length === 0) yield* Console.error("the archive has nothing that matches")
  else if (filter.conversationId !== undefined) {
    yield* Console.log(conversations.map(Standings.details).join("\n\n"))
  } else {
    const broken = conversations.filter((each) => !Standings.isWhole(each))
    const tables = [Standings.accountTable(accounts)]
    if (broken.length > 0) tables.push(`not complete:\n${Standings.brokenTable(broken)}`)
    const unplaced = records.filter(({ conversationId }) => conversationId === null).length
    if (unplaced > 0)
      tables.push(`${Table.counted(unplaced, "record")} of the lists of conversations in quarantine`)
    yield* Console.log(tables.join("\n\n"))
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
      Flag.withDescription("Exit with 6 if a conversation is not complete or a record is in quarantine"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (flags) {
    const archive = yield* Archives.existing(flags)
    yield* Effect.provide(show(Archives.filterOf(flags), flags), archive)
  })
).pipe(
  Command.withDescription(
    [
      "Show what an archive has, against what the vendors claim.",
      "",
      "A row for each account, and below it one for each conversation that is not complete:",
      "  short    the vendor claims more messages than are known    over    fewer",
      "  partial  a reading has not come to its end                 failed  the last reading failed",
      "  unread   listed, and not read yet"
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
    }
  ])
)
