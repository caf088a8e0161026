/**
 * The work of `demo`: syncs every vendor from an emulator into one archive, twice, and compares the archive with the
 * emulator's data.
 */
import { Archive, Sync } from "@colloquy/archive"
import type { SourceService } from "@colloquy/core"
import { Emulator, EmulatorServer, type Reader, Rows } from "@colloquy/emulator"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Archives from "./Archives.ts"
import * as DemoFolder from "./DemoFolder.ts"
import { MismatchError, partialSync } from "./Failure.ts"
import * as Invocation from "./Invocation.ts"
import type { Unopened } from "./Opening.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import * as StatusSummary from "./StatusSummary.ts"
import { ProgressLine } from "./terminal/ProgressLine.ts"
import * as Table from "./terminal/Table.ts"

/** The only token that the demo's emulator accepts. */
export const token = "demo-token"

/** The faults that the emulator injects, so that the sync has something to handle. */
export const faults =
  "latency=2,503@every:47,truncate@every:61,429=1@every:199,cut@every:83,clamp=40/botuj,gzip/gptbots"

interface Options {
  readonly out: string
  readonly json: boolean
}

/** Syncs everything from a running emulator, twice, and compares the archive with the emulator's data. */
export const run = Effect.fnUntraced(function* ({ json, out }: Options) {
  const { baseUrl } = yield* EmulatorServer
  const vendors = yield* readers(baseUrl)
  const filename = yield* DemoFolder.prepare(out)
  yield* Output.say(
    `${vendors.length} chatbot vendors, emulated on ${baseUrl}, into one archive: ${filename}\nFaults on the way: ${faults}`
  )
  const archive = Archives.layer({ _tag: "Sqlite", filename })
  yield* Effect.provide(twice(vendors, filename, json), archive).pipe(
    Effect.tap(DemoFolder.mark(out)),
    Effect.onError(() => Effect.ignore(DemoFolder.mark(out)))
  )
})

const twice = Effect.fnUntraced(function* (vendors: ReadonlyArray<Vendor>, filename: string, json: boolean) {
  const width = yield* Output.width
  const print = (title: string, table: string) =>
    json ? Effect.void : Output.print(`\n${title}\n\n${table}`)
  const first = yield* syncAll(vendors)
  yield* print("First sync: everything there is", syncTable(first, width))
  const second = yield* syncAll(vendors)
  yield* print("Second sync: nothing is new, and it costs almost nothing", syncTable(second, width))
  const archive = yield* Archive
  const accounts = StatusSummary.accounts(
    yield* Stream.runCollect(archive.status.conversations()),
    yield* Stream.runCollect(archive.quarantine.records())
  )
  yield* print(
    "What the archive has, against what the vendors claim",
    StatusSummary.accountTable(accounts, width)
  )
  if (json) yield* Output.print(JSON.stringify({ first, second, accounts }, null, 2))
  const compared = yield* Effect.forEach(vendors, comparedWithTruth)
  const messages = compared.reduce((sum, n) => sum + n, 0)
  yield* Output.say(
    [
      "",
      `Complete: ${Table.count(messages)} messages, in every field what the emulator holds, in ${filename}`,
      `Look into it: ${yield* Invocation.command("status", { archive: Option.some(filename) })}, or sqlite3 ${Invocation.quoted(filename)} 'SELECT * FROM history LIMIT 10'`
    ].join("\n")
  )
})

// ---------------------------------------------------------------------------------------------------------------
// Vendors
// ---------------------------------------------------------------------------------------------------------------

interface Vendor extends Unopened {
  readonly conversationIds: Rows.Rows<string>
  readonly reader: Reader
}

/** The first reader of each emulated vendor. */
const readers = Effect.fnUntraced(function* (baseUrl: string) {
  const { emulated } = yield* Emulator
  const credential = { token: Redacted.make(token), account: "default", baseUrl }
  return Object.values(emulated).flatMap(({ corpus, readers, vendor }): ReadonlyArray<Vendor> =>
    readers.slice(0, 1).map((reader) => ({
      vendor,
      account: credential.account,
      reader,
      open: (onRequest) => reader.source({ ...credential, onRequest }),
      conversationIds: corpus.conversationIds
    }))
  )
})

/** Counts a vendor's messages in the archive. Fails if they differ from the emulator's. */
const comparedWithTruth = Effect.fnUntraced(function* ({ conversationIds, reader, vendor }: Vendor) {
  const archive = yield* Archive
  let count = 0
  for (const conversationId of Rows.toArray(conversationIds)) {
    const truth = Rows.toArray<unknown>(reader.messages(conversationId) ?? Rows.range(0))
    const stored = yield* Stream.runCollect(archive.messages({ vendor, conversationId }))
    if (!Equal.equals(stored.map(reader.messageRow), truth)) {
      return yield* new MismatchError({
        problem: `${vendor}: conversation ${conversationId} differs from the emulator's (${stored.length} messages stored, ${truth.length} served)`
      })
    }
    count += truth.length
  }
  return count
})

// ---------------------------------------------------------------------------------------------------------------
// Syncs
// ---------------------------------------------------------------------------------------------------------------

interface Synced extends Sync.Report {
  readonly requests: number
  readonly retries: number
}

/** Syncs all vendors at once. Fails if a conversation failed. */
const syncAll = Effect.fnUntraced(function* (vendors: ReadonlyArray<Vendor>) {
  const jobs = yield* Effect.forEach(vendors, (vendor) =>
    Effect.gen(function* () {
      const progress = yield* Progress.make(vendor)
      yield* Progress.expect(progress)
      return { source: yield* vendor.open(Progress.onRequest(progress)), progress }
    })
  )
  const { showing } = yield* ProgressLine
  return yield* showing(
    Progress.line(
      jobs.map(({ progress }) => progress),
      "new message"
    ),
    Effect.forEach(jobs, syncOne, { concurrency: "unbounded" })
  )
})

interface Job {
  readonly source: SourceService
  readonly progress: Progress.Progress
}

const syncOne = Effect.fnUntraced(function* ({ progress, source }: Job) {
  const report = yield* Sync.sync(Progress.listening(progress, source), {
    onEvent: Progress.onEvent(progress)
  })
  const [first] = report.failed
  if (first !== undefined) return yield* partialSync(first, report.failed.length, report.conversations)
  const { requests, retries } = progress
  const synced: Synced = { ...report, requests, retries }
  return synced
})

const columns: ReadonlyArray<Table.Column> = [
  { title: "vendor", numeric: false },
  ...["conversations", "read", "unchanged", "new messages", "requests", "sent again", "time"].map(
    (title) => ({
      title,
      numeric: true
    })
  )
]

const syncTable = (all: ReadonlyArray<Synced>, width: number): string =>
  Table.render(
    columns,
    all.map((each) => [
      each.vendor,
      Table.count(each.conversations),
      Table.count(each.read),
      Table.count(each.unchanged),
      Table.count(each.added),
      Table.count(each.requests),
      Table.count(each.retries),
      Table.seconds(each.millis)
    ]),
    width
  )
