/**
 * `colloquy forget`: erases a conversation's or a user's data for good, lists erasures, and undoes them.
 */
import { Archive, type Erasures } from "@colloquy/archive"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Archives from "../Archives.ts"
import { NothingFound, UsageError } from "../Failure.ts"
import { nonEmpty } from "../Flags.ts"
import * as Output from "../Output.ts"
import * as Selection from "../Selection.ts"
import * as Table from "../terminal/Table.ts"
import * as Vendors from "../Vendors.ts"

interface Flags extends Archives.Flags {
  readonly vendor: Option.Option<string>
  readonly account: string
  readonly conversation: Option.Option<string>
  readonly user: Option.Option<string>
  readonly dryRun: boolean
  readonly list: boolean
  readonly undo: boolean
  readonly json: boolean
}

/** The conversation or user that the flags name. */
interface Named {
  readonly kind: "conversation" | "user"
  readonly name: { readonly vendor: string; readonly account: string; readonly id: string }
}

const run = Effect.fnUntraced(function* (flags: Flags) {
  const chosen = [flags.dryRun && "--dry-run", flags.list && "--list", flags.undo && "--undo"]
  const modes = chosen.filter((mode) => mode !== false)
  if (modes.length > 1) return yield* new UsageError({ problem: `give one of ${modes.join(" and ")}` })
  if (flags.list) return yield* list(flags)
  const named = yield* namedBy(flags)
  yield* checkVendor(flags, named.name.vendor)
  return yield* flags.undo ? undo(flags, named) : erase(flags, named)
})

const namedBy = Effect.fnUntraced(function* ({ account, conversation, user, vendor }: Flags) {
  if (Option.isNone(vendor)) return yield* new UsageError({ problem: "give --vendor NAME" })
  if (Option.isSome(conversation) === Option.isSome(user)) {
    return yield* new UsageError({ problem: "give either --conversation ID or --user ID" })
  }
  const id = Option.getOrElse(
    Option.orElse(conversation, () => user),
    () => ""
  )
  const kind = Option.isSome(user) ? ("user" as const) : ("conversation" as const)
  return { kind, name: { vendor: vendor.value, account, id } } satisfies Named
})

/** A vendor whose module is gone is known by the archive. */
const checkVendor = Effect.fnUntraced(function* (flags: Flags, vendor: string) {
  if (Vendors.namesOf(yield* Vendors.All).includes(vendor)) return
  const archived = yield* Archives.readable(flags).pipe(
    Effect.flatMap((layer) =>
      Effect.provide(
        Archive.use(({ accounts }) => accounts),
        layer
      )
    ),
    Effect.orElseSucceed(() => [])
  )
  yield* Selection.checkVendor(vendor, new Set(archived.map((each) => each.vendor)))
})

const wordsOf = ({ kind, name: { account, id, vendor } }: Named): string =>
  `${kind} ${Table.printable(id)} of ${vendor}, account ${account}`

// ---------------------------------------------------------------------------------------------------------------
// Erasing
// ---------------------------------------------------------------------------------------------------------------

const erase = Effect.fnUntraced(function* (flags: Flags, named: Named) {
  const { dryRun, json } = flags
  const layer = yield* dryRun ? Archives.readable(flags) : Archives.existing(flags)
  const erasing = Archive.use((archive) =>
    named.kind === "user"
      ? archive.erasures.forgetUser(named.name, { dryRun })
      : archive.erasures.forgetConversation(named.name, { dryRun })
  )
  const { account, vendor } = named.name
  const [erased, unmatched] = yield* Effect.provide(
    Effect.all([erasing, Selection.unmatched({ vendor, account }, false)]),
    layer
  )
  if (json) yield* Output.print(JSON.stringify(erased))
  const what = wordsOf(named)
  if (isNothing(erased) && !erased.noted && !erased.finished) {
    return yield* new NothingFound({
      problem: `the archive has nothing of ${what}, and it was forgotten before; check the id, vendor and account if you expected some`
    })
  }
  if (unmatched !== undefined) yield* Output.say(unmatched)
  yield* Output.say(dryRun ? announced(what, erased) : described(what, erased))
})

const isNothing = ({ conversations, messages, quarantined, redacted, revisions }: Erasures.Erased): boolean =>
  conversations + messages + revisions + quarantined + redacted === 0

const countsOf = ({ conversations, messages, quarantined, redacted, revisions }: Erasures.Erased): string =>
  [
    Table.counted(conversations, "conversation"),
    Table.counted(messages, "message"),
    Table.counted(revisions, "revision"),
    `${Table.counted(quarantined, "record")} in quarantine`,
    ...(redacted > 0 ? [`what the list tells of ${Table.counted(redacted, "other conversation")}`] : [])
  ].join(", ")

const described = (what: string, erased: Erasures.Erased): string => {
  const kept = "a salted hash of the id is kept, so that no sync brings it back"
  if (!isNothing(erased)) return `erased of ${what}: ${countsOf(erased)}; ${kept}`
  return erased.finished
    ? `${what} was left only in free pages and logs, and is erased there now, too; ${kept}`
    : `the archive has nothing of ${what}; ${kept}`
}

const announced = (what: string, erased: Erasures.Erased): string => {
  const noted = erased.noted ? "it would be noted as forgotten" : "it is noted as forgotten already"
  return `dry run, nothing was written. Of ${what} there would be erased: ${isNothing(erased) ? "nothing" : countsOf(erased)}; ${noted}`
}

// ---------------------------------------------------------------------------------------------------------------
// Looking and undoing
// ---------------------------------------------------------------------------------------------------------------

const list = Effect.fnUntraced(function* (flags: Flags) {
  if ([flags.vendor, flags.conversation, flags.user].some(Option.isSome)) {
    return yield* new UsageError({
      problem: "--list takes no --vendor, --conversation or --user: names are not kept"
    })
  }
  const layer = yield* Archives.readable(flags)
  const all = yield* Effect.provide(
    Archive.use((archive) => Stream.runCollect(archive.erasures.list)),
    layer
  )
  if (all.length === 0) return yield* Output.say("nothing was forgotten")
  const text = flags.json
    ? Output.ndjson(all)
    : `${Table.render(
        [
          { title: "kind", numeric: false },
          { title: "forgotten", numeric: false },
          { title: "hash", numeric: false }
        ],
        all.map(({ forgottenAt, hash, kind }) => [kind, Table.time(forgottenAt), hash]),
        yield* Output.width
      )}\n`
  return yield* Effect.asVoid(Output.write(Stream.succeed(text), Option.none()))
})

const undo = Effect.fnUntraced(function* (flags: Flags, named: Named) {
  const layer = yield* Archives.existing(flags)
  const lifting = Archive.use((archive) =>
    named.kind === "user"
      ? archive.erasures.undoUser(named.name)
      : archive.erasures.undoConversation(named.name)
  )
  const lifted = yield* Effect.provide(lifting, layer)
  if (flags.json) yield* Output.print(JSON.stringify({ lifted }))
  const what = wordsOf(named)
  if (!lifted) {
    return yield* new NothingFound({
      problem: `${what} was not forgotten; check the id, vendor and account`
    })
  }
  yield* Output.say(`${what} is no longer kept out; the next sync reads again what the vendor still has`)
})

const flagsOf = (vendors: Vendors.Registry) => ({
  ...Archives.flag,
  vendor: nonEmpty(Flag.String("vendor")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(`Whose conversation or user it is: ${Vendors.namesOf(vendors).join(", ")}`),
    Flag.optional
  ),
  account: nonEmpty(Flag.String("account")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("The account that it was synced under (default: default)"),
    Flag.withDefault("default")
  ),
  conversation: nonEmpty(Flag.String("conversation")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Erase this conversation"),
    Flag.optional
  ),
  user: nonEmpty(Flag.String("user")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Erase this user's messages, and every conversation that is listed as theirs"),
    Flag.optional
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Count what would be erased, and write nothing"),
    Flag.withDefault(false)
  ),
  list: Flag.Boolean("list").pipe(
    Flag.withDescription("List what was forgotten: kinds, dates and hashes; names are not kept"),
    Flag.withDefault(false)
  ),
  undo: Flag.Boolean("undo").pipe(
    Flag.withDescription("Undo: the next sync reads again what the vendor still has"),
    Flag.withDefault(false)
  ),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print what was erased on stdout as one line of JSON; with --list a line for each"),
    Flag.withDefault(false)
  )
})

export const forget = (vendors: Vendors.Registry) =>
  Command.make("forget", flagsOf(vendors), run).pipe(
    Command.withDescription(
      [
        "Erase a conversation or a person from an archive, for good.",
        "",
        "The data is erased from every table and free page. A salted hash of the id is kept, so that later syncs leave it out, even if the archive has nothing of it yet. Your own copies of the archive are not touched.",
        "",
        "Exits with 4 if there is nothing to erase and the name was forgotten before."
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
      },
      {
        command: "colloquy forget --archive history.db --vendor gptbots --user 8f1c --dry-run",
        description: "Count what would be erased"
      },
      { command: "colloquy forget --archive history.db --list", description: "What was forgotten, and when" },
      {
        command: "colloquy forget --archive history.db --vendor chatling --conversation 42 --undo",
        description: "Undo, if it was the wrong conversation"
      }
    ])
  )
