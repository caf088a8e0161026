/**
 * What `demo` does: syncs every vendor from an emulator into one archive, twice, and compares it with the truth.
 */
import { Archive, Sync } from "@colloquy/archive"
import type { SourceService } from "@colloquy/core"
import { Emulator, EmulatorServer, type Reader, Rows } from "@colloquy/emulator"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Archives from "./Archives.ts"
import * as DemoFolder from "./DemoFolder.ts"
import { MismatchError, partialSync } from "./Failure.ts"
import * as Ongoing from "./Ongoing.ts"
import * as Output from "./Output.ts"
import * as Standings from "./Standings.ts"
import { Progress } from "./terminal/Progress.ts"
import * as Table from "./terminal/Table.ts"
import * as Traffic from "./Traffic.ts"
import type { OpenSource } from "./Vendors.ts"

/** The one token that the emulator of a demo accepts. */
export const token = "demo-token"

/** What goes wrong on the way, so that there is something to mend. */
export const faults =
  "latency=2,503@every:47,truncate@every:61,429=1@every:199,cut@every:83,clamp=40/botuj,gzip/gptbots"

interface Options {
  readonly out: string
  readonly json: boolean
}

/** Syncs everything from a running emulator, twice, and compares what came with what there is. */
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
  const print = (title: string, table: string) =>
    json ? Effect.void : Output.print(`\n${title}\n\n${table}`)
  const first = yield* syncAll(vendors)
  yield* print("First sync: everything there is", syncTable(first))
  const second = yield* syncAll(vendors)
  yield* print("Second sync: nothing is new, and it costs almost nothing", syncTable(second))
  const archive = yield* Archive
  const accounts = Standings.accounts(
    yield* Stream.runCollect(archive.status.conversations()),
    yield* Stream.runCollect(archive.quarantine.records())
  )
  yield* print("What the archive has, against what the vendors claim", Standings.accountTable(accounts))
  if (json) yield* Output.print(JSON.stringify({ first, second, accounts }, null, 2))
  const compared = yield* Effect.forEach(vendors, comparedWithTruth)
  const messages = compared.reduce((sum, n) => sum + n, 0)
  yield* Output.say(
    [
      "",
      `Complete: ${Table.count(messages)} messages, in every field what the emulator holds, in ${filename}`,
      `Look into it: colloquy status --archive ${filename}, or sqlite3 ${filename} 'SELECT * FROM history LIMIT 10'`
    ].join("\n")
  )
})

// ---------------------------------------------------------------------------------------------------------------
// Vendors
// ---------------------------------------------------------------------------------------------------------------

interface Vendor {
  readonly vendor: string
  readonly open: OpenSource
  readonly conversationIds: Rows.Rows<string>
  readonly reader: Reader
}

/** The first reader of each emulated vendor. */
const readers = Effect.fnUntraced(function* (baseUrl: string) {
  const { emulated } = yield* Emulator
  const credential = { token: Redacted.make(token), baseUrl }
  return Object.values(emulated).flatMap(({ corpus, readers, vendor }): ReadonlyArray<Vendor> =>
    readers.slice(0, 1).map((reader) => ({
      vendor,
      reader,
      open: (traffic) => reader.source({ ...credential, onRequest: Traffic.counting(traffic) }),
      conversationIds: corpus.conversationIds
    }))
  )
})

/** How many messages the archive has of a vendor, each of them equal to the emulator's. */
const comparedWithTruth = Effect.fnUntraced(function* ({ conversationIds, reader, vendor }: Vendor) {
  const archive = yield* Archive
  let count = 0
  for (const conversationId of Rows.toArray(conversationIds)) {
    const truth = Rows.toArray<unknown>(reader.messages(conversationId) ?? Rows.range(0))
    const stored = yield* Stream.runCollect(archive.messages({ vendor, conversationId }))
    if (!Equal.equals(stored.map(reader.messageRow), truth)) {
      return yield* new MismatchError({
        problem: `${vendor}: conversation ${conversationId} is not what the emulator has (${stored.length} messages stored, ${truth.length} are there)`
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

/** Syncs all vendors at once; fails if a conversation did. */
const syncAll = Effect.fnUntraced(function* (vendors: ReadonlyArray<Vendor>) {
  const jobs = yield* Effect.forEach(vendors, ({ open }) =>
    Effect.gen(function* () {
      const traffic = Traffic.make()
      const source = yield* open(traffic)
      return { source, ongoing: yield* Ongoing.make(source, traffic) }
    })
  )
  const { showing } = yield* Progress
  return yield* showing(
    Ongoing.line(jobs.map(({ ongoing }) => ongoing)),
    Effect.forEach(jobs, syncOne, { concurrency: "unbounded" })
  )
})

interface Job {
  readonly source: SourceService
  readonly ongoing: Ongoing.Ongoing
}

const syncOne = Effect.fnUntraced(function* ({ ongoing, source }: Job) {
  const report = yield* Sync.sync(source, { onEvent: Ongoing.take(ongoing) })
  const [first] = report.failed
  if (first !== undefined) return yield* partialSync(first, report.failed.length, report.conversations)
  const { requests, retries } = ongoing.traffic
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

const syncTable = (all: ReadonlyArray<Synced>): string =>
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
    ])
  )
