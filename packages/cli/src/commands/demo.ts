/**
 * `colloquy demo`: all four vendors from end to end, against the emulator, with no account.
 */
import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import { Corpus, Emulator, EmulatorServer, Faults } from "@colloquy/emulator"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { MismatchError, StorageError } from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Read from "../Read.ts"
import * as Tally from "../Tally.ts"
import { Progress } from "../terminal/Progress.ts"
import * as Table from "../terminal/Table.ts"

const token = "demo-token"

/** What goes wrong on the way, so that there is something to mend. */
const faults =
  "latency=2,503@every:47,truncate@every:61,429=1@every:199,cut@every:83,clamp=40/botuj,gzip/gptbots"

/** Each vendor with its source on the emulator. */
const sources = (
  baseUrl: string
): ReadonlyArray<readonly [vendor: Corpus.Vendor, source: Read.SourceLayer]> => {
  const credential = { token: Redacted.make(token), baseUrl }
  return [
    ["opencopilot", OpenCopilot.layerSource({ ...credential, organizationId: "demo-organization" })],
    ["chatling", Chatling.layerSource({ ...credential, chatbotId: "demo-chatbot" })],
    ["botuj", Botuj.layerSource(credential)],
    ["gptbots", Gptbots.layerSource(credential)]
  ]
}

/** Reads everything from a running emulator, shows what came, and compares it with what there is. */
const run = Effect.fnUntraced(function* (flags: { readonly out: string; readonly json: boolean }) {
  const { baseUrl } = yield* EmulatorServer
  yield* Console.error(`Four chatbot vendors, emulated on ${baseUrl}\nFaults on the way: ${faults}\n`)
  const fs = yield* FileSystem.FileSystem
  yield* Effect.mapError(
    fs.makeDirectory(flags.out, { recursive: true }),
    () => new StorageError({ problem: `the folder ${flags.out} cannot be made` })
  )
  const jobs = yield* Effect.forEach(sources(baseUrl), ([vendor, source]) =>
    Effect.map(Tally.make(vendor, "default"), (tally) => ({
      vendor,
      source,
      tally,
      file: `${flags.out}/${vendor}.ndjson`
    }))
  )
  const { showing } = yield* Progress
  const tallies = jobs.map((job) => job.tally)
  const summaries = yield* showing(tallies, Effect.forEach(jobs, readAll, { concurrency: "unbounded" }))
  yield* Console.log(flags.json ? JSON.stringify(summaries, null, 2) : table(summaries))
  const { corpus } = yield* Emulator
  for (const { tally, vendor } of jobs) {
    const held = messagesIn(corpus, vendor)
    if (tally.messages !== held) {
      return yield* new MismatchError({
        problem: `${vendor}: ${tally.messages} messages read, ${held} are there`
      })
    }
  }
  const total = tallies.reduce((sum, { messages }) => sum + messages, 0)
  yield* Console.error(
    `\nComplete: ${Table.count(total)} messages, exactly as many as the emulator holds, in ${flags.out}/*.ndjson`
  )
})

const readAll = Effect.fnUntraced(function* (job: {
  readonly source: Read.SourceLayer
  readonly tally: Tally.Tally
  readonly file: string
}) {
  const text = Stream.map(Read.everyMessage(job.tally), (page) => Output.ndjson(page.items))
  yield* Effect.provide(Output.write(text, Option.some(job.file)), job.source)
  return yield* Tally.summary(job.tally)
})

const columns: ReadonlyArray<Table.Column> = [
  { title: "vendor", numeric: false },
  { title: "conversations", numeric: true },
  { title: "messages", numeric: true },
  { title: "pages", numeric: true },
  { title: "retries", numeric: true },
  { title: "time", numeric: true },
  { title: "proven complete by", numeric: false }
]

const table = (summaries: ReadonlyArray<Tally.Summary>): string =>
  Table.render(
    columns,
    summaries.map((summary) => [
      summary.vendor,
      Table.count(summary.conversations),
      Table.count(summary.messages),
      Table.count(summary.pages),
      Table.count(summary.retries),
      Table.seconds(summary.millis),
      Tally.proofsText(summary.proofs)
    ])
  )

/** How many messages the emulator holds for a vendor. */
const messagesIn = (corpus: Corpus.Corpus, vendor: Corpus.Vendor): number => {
  const { conversationIds } = corpus[vendor]
  let sum = 0
  for (let at = 0; at < conversationIds.length; at++) {
    sum += Corpus.messages(corpus, vendor, conversationIds.at(at))?.length ?? 0
  }
  return sum
}

export const demo = Command.make(
  "demo",
  {
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Folder for the NDJSON files, one for each vendor (default: colloquy-demo)"),
      Flag.withDefault("colloquy-demo")
    ),
    seed: Flag.Int("seed").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription(
        "Seed of the emulated conversations: the same seed gives the same ones (default: 1)"
      ),
      Flag.withDefault(1)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print the table on stdout as JSON"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (flags) {
    const parsed = yield* Effect.orDie(Faults.parse(faults))
    const server = EmulatorServer.layer({
      seed: flags.seed,
      conversations: 20,
      messages: 900,
      token,
      faults: parsed
    })
    yield* Effect.provide(run(flags), server)
  })
).pipe(
  Command.withDescription(
    "Emulate all four vendors with faults, read every conversation over HTTP, and check that none is missing"
  ),
  Command.withExamples([
    { command: "colloquy demo", description: "No account and no network needed" },
    { command: "colloquy demo --out /tmp/demo --json", description: "The table as JSON, the files elsewhere" }
  ])
)
