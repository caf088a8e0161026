/**
 * `colloquy quarantine`: the records that could not be decoded.
 */
import { Archive, type ArchiveService, type Quarantine } from "@colloquy/archive"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Archives from "../Archives.ts"
import * as Output from "../Output.ts"
import * as Selection from "../Selection.ts"
import * as Table from "../terminal/Table.ts"
import * as Vendors from "../Vendors.ts"

const json = (description: string) => ({
  json: Flag.Boolean("json").pipe(Flag.withDescription(description), Flag.withDefault(false))
})

/** A record's id, not empty. */
const id = Argument.String("id").pipe(
  Argument.filter(
    (value) => value !== "",
    () => "a value that is not empty"
  )
)

/** Runs a subcommand over the archive that its flags name. */
const over = <Flags extends Archives.Flags, E, R>(
  opened: typeof Archives.existing,
  run: (archive: ArchiveService, flags: Flags) => Effect.Effect<void, E, R>
) =>
  Effect.fnUntraced(function* (flags: Flags) {
    const layer = yield* opened(flags)
    yield* Effect.provide(
      Effect.flatMap(Archive, (archive) => run(archive, flags)),
      layer
    )
  })

// ---------------------------------------------------------------------------------------------------------------
// List and show
// ---------------------------------------------------------------------------------------------------------------

const table = (records: ReadonlyArray<Quarantine.Record>, width: number): string =>
  Table.render(
    [
      { title: "id", numeric: false },
      { title: "vendor", numeric: false },
      { title: "account", numeric: false },
      { title: "conversation", numeric: false },
      { title: "place", numeric: true },
      { title: "found", numeric: false },
      { title: "problem", numeric: false }
    ],
    records.map(({ account, conversationId, foundAt, id, place, problem, vendor }) => [
      id,
      vendor,
      account,
      conversationId ?? "(the list of them)",
      String(place),
      Table.time(foundAt),
      Table.shortened(problem, 100)
    ]),
    width
  )

const list = (vendors: Vendors.Registry) =>
  Command.make(
    "list",
    {
      ...Archives.flag,
      ...Archives.filter(vendors),
      ...json("Print NDJSON: one record a line, with the vendor's JSON")
    },
    over(
      Archives.readable,
      Effect.fnUntraced(function* (archive, flags) {
        const filter = Archives.filterOf(flags)
        const unmatched = yield* Selection.unmatched(filter, false)
        const records = yield* Stream.runCollect(archive.quarantine.records(filter))
        if (records.length === 0) yield* Output.say(unmatched ?? "nothing is in quarantine")
        else if (flags.json) yield* Output.write(Stream.succeed(Output.ndjson(records)), Option.none())
        else yield* Output.print(table(records, yield* Output.width))
      })
    )
  ).pipe(
    Command.withDescription("List the records in quarantine"),
    Command.withExamples([
      {
        command: "colloquy quarantine list --archive history.db",
        description: "A table, without the records' content"
      },
      {
        command: "colloquy quarantine list --archive history.db --vendor botuj --json | jq .json",
        description: "The records as Botuj sent them"
      }
    ])
  )

const show = Command.make(
  "show",
  {
    id: id.pipe(Argument.withDescription("The record's id, as list shows it")),
    ...Archives.flag,
    ...json("Print the record as one line of JSON")
  },
  over(
    Archives.readable,
    Effect.fnUntraced(function* (archive, { id, json }) {
      const record = yield* archive.quarantine.record(id)
      yield* Output.print(json ? JSON.stringify(record) : described(record, yield* Output.width))
    })
  )
).pipe(
  Command.withDescription("Show a record in quarantine with its JSON"),
  Command.withExamples([
    { command: "colloquy quarantine show 5d41402abc4b --archive history.db", description: "One record" }
  ])
)

const described = (
  { account, conversationId, foundAt, id, json, place, problem, vendor }: Quarantine.Record,
  width: number
) => {
  const facts = [
    ["record", `${id} (${vendor}, account ${account})`],
    ["conversation", conversationId ?? "none: a record of the list of conversations"],
    ["place", `${place}, counted from 0`],
    ["found", Table.time(foundAt)],
    ["problem", problem]
  ] as const
  return `${Table.record(facts, width)}\n${Table.json(json)}`
}

// ---------------------------------------------------------------------------------------------------------------
// Replay and discard
// ---------------------------------------------------------------------------------------------------------------

const replay = (vendors: Vendors.Registry) =>
  Command.make(
    "replay",
    {
      ids: id.pipe(
        Argument.withDescription("Ids of records, as list shows them (default: all that match)"),
        Argument.variadic()
      ),
      ...Archives.flag,
      ...Archives.filter(vendors),
      ...json("Print the result on stdout as one line of JSON")
    },
    over(
      Archives.existing,
      Effect.fnUntraced(function* (archive, flags) {
        const filter = Archives.filterOf(flags)
        const unmatched = yield* Selection.unmatched(filter, false)
        const records =
          flags.ids.length === 0
            ? yield* Stream.runCollect(archive.quarantine.records(filter))
            : yield* Effect.forEach(new Set(flags.ids), archive.quarantine.record)
        let replayed = 0
        for (const record of records) {
          const decoder = yield* Vendors.decoderOf(record.vendor)
          if (yield* archive.quarantine.replay(record, decoder)) replayed += 1
        }
        const remaining = records.length - replayed
        if (flags.json) yield* Output.print(JSON.stringify({ replayed, remaining }))
        else yield* Output.say(unmatched ?? outcome(replayed, remaining))
      })
    )
  ).pipe(
    Command.withDescription(
      [
        "Decode records again, without asking the vendor.",
        "",
        "Use it after an update of Colloquy. Records that can be decoded now move into the archive; the others stay in quarantine."
      ].join("\n  ")
    ),
    Command.withShortDescription("Decode records again, without asking the vendor"),
    Command.withExamples([
      { command: "colloquy quarantine replay --archive history.db", description: "All records" },
      {
        command: "colloquy quarantine replay 5d41402abc4b 7d793037a076 --archive history.db",
        description: "Two records"
      }
    ])
  )

const outcome = (replayed: number, remaining: number): string => {
  if (replayed + remaining === 0) return "nothing is in quarantine"
  const came = `${Table.counted(replayed, "record")} moved into the archive`
  if (remaining === 0) return `${came}, none is left`
  return `${came}, ${Table.count(remaining)} still cannot be decoded and ${remaining === 1 ? "stays" : "stay"} in quarantine`
}

const discard = Command.make(
  "discard",
  {
    ids: id.pipe(Argument.withDescription("Ids of records, as list shows them"), Argument.atLeast(1)),
    ...Archives.flag
  },
  over(
    Archives.existing,
    Effect.fnUntraced(function* (archive, flags) {
      const ids = [...new Set(flags.ids)]
      yield* Effect.forEach(ids, archive.quarantine.record)
      yield* Effect.forEach(ids, archive.quarantine.discard)
      yield* Output.say(
        `${Table.counted(ids.length, "record")} discarded; a sync that reads the same place again brings it back`
      )
    })
  )
).pipe(
  Command.withDescription("Delete records from quarantine for good"),
  Command.withExamples([
    { command: "colloquy quarantine discard 5d41402abc4b --archive history.db", description: "One record" }
  ])
)

export const quarantine = (vendors: Vendors.Registry) =>
  Command.make("quarantine").pipe(
    Command.withDescription("List, show, replay or discard the records that could not be decoded"),
    Command.withExamples([
      {
        command: "colloquy quarantine list --archive history.db --vendor botuj",
        description: "What Botuj sent that could not be decoded"
      },
      {
        command: "colloquy quarantine replay --archive history.db --vendor botuj",
        description: "After an update of Colloquy: decode it again"
      }
    ]),
    Command.withSubcommands([list(vendors), show, replay(vendors), discard])
  )
