/**
 * `colloquy forget`: erases a conversation's or a person's data for good.
 */
import { Archive, type Erased } from "@colloquy/archive"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Archives from "../Archives.ts"
import { UsageError } from "../Failure.ts"
import * as Table from "../terminal/Table.ts"

interface Flags extends Archives.Flags {
  readonly vendor: string
  readonly account: string
  readonly conversation: Option.Option<string>
  readonly user: Option.Option<string>
  readonly json: boolean
}

const run = Effect.fnUntraced(function* (flags: Flags) {
  const { account, conversation, user, vendor } = flags
  if (Option.isSome(conversation) === Option.isSome(user)) {
    return yield* new UsageError({ problem: "give either --conversation ID or --user ID" })
  }
  const id = Option.getOrElse(
    Option.orElse(conversation, () => user),
    () => ""
  )
  if (id === "") return yield* new UsageError({ problem: "the id is empty; give the vendor's own" })
  const layer = yield* Archives.existing(flags)
  const erase = Archive.use((archive) =>
    Option.isSome(user)
      ? archive.forgetUser({ vendor, account, id })
      : archive.forgetConversation({ vendor, account, id })
  )
  const erased = yield* Effect.provide(erase, layer)
  if (flags.json) yield* Console.log(JSON.stringify(erased))
  const what = `${Option.isSome(user) ? "user" : "conversation"} ${Table.printable(id)} of ${vendor}, account ${account}`
  yield* Console.error(described(what, erased))
})

const described = (what: string, { conversations, messages, quarantined, revisions }: Erased): string => {
  const kept = "a salted hash of the id is kept, so that no sync brings it back"
  if (conversations + messages + quarantined + revisions === 0) {
    return `the archive has nothing of ${what}; ${kept}`
  }
  const counts = [
    Table.counted(conversations, "conversation"),
    Table.counted(messages, "message"),
    Table.counted(revisions, "revision"),
    `${Table.counted(quarantined, "record")} in quarantine`
  ].join(", ")
  return `erased of ${what}: ${counts}; ${kept}`
}

export const forget = Command.make(
  "forget",
  {
    ...Archives.flag,
    vendor: Flag.Literals("vendor", ["opencopilot", "chatling", "botuj", "gptbots"]).pipe(
      Flag.withDescription("Whose conversation or user it is")
    ),
    account: Flag.String("account").pipe(
      Flag.withMetavar("NAME"),
      Flag.withDescription("The account that it was synced under (default: default)"),
      Flag.withDefault("default")
    ),
    conversation: Flag.String("conversation").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("Erase this conversation"),
      Flag.optional
    ),
    user: Flag.String("user").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription(
        "Erase this user's messages, and whole every conversation that is listed as theirs"
      ),
      Flag.optional
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print what was erased on stdout as one line of JSON"),
      Flag.withDefault(false)
    )
  },
  run
).pipe(
  Command.withDescription(
    [
      "Erase a conversation or a person from an archive, for good.",
      "",
      "What is erased goes from every table and free page, and a salted hash of the id keeps later syncs from",
      "bringing it back. Copies of the archive that you made are not touched."
    ].join("\n  ")
  ),
  Command.withShortDescription("Erase a conversation or a person from an archive, for good"),
  Command.withExamples([
    {
      command: "colloquy forget --archive history.db --vendor chatling --conversation 42",
      description: "One conversation"
    },
    {
      command: "colloquy forget --archive history.db --vendor gptbots --user 8f1c",
      description: "One person, in every conversation"
    }
  ])
)
