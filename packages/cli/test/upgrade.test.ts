/**
 * An archive that an earlier version wrote is opened, its interrupted reads are resumed, and it ends as the vendors are.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Botuj, Codecs as BotujCodecs } from "@colloquy/botuj"
import { Chatling, Codecs as ChatlingCodecs } from "@colloquy/chatling"
import { type Message, Source } from "@colloquy/core"
import { Emulator, Rows } from "@colloquy/emulator"
import { Gptbots, Codecs as GptbotsCodecs } from "@colloquy/gptbots"
import { Codecs as OpenCopilotCodecs, OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { postgres } from "./postgres.ts"
import { temporaryFolder } from "./support.ts"

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "fixtures", `archive-1.${name}.sql`), "utf8")

const schemaOf = (dialect: "sqlite" | "postgres") => fixture(dialect).trimEnd().split(/;\n\n/)
const rows = fixture("rows")
  .trimEnd()
  .split(/;\n(?=INSERT INTO)/)

const tables = ["conversations", "messages", "revisions", "runs"]

/** Fills an empty database with what version 1 wrote. */
const restore = Effect.fnUntraced(function* (dialect: "sqlite" | "postgres") {
  const sql = yield* SqlClient.SqlClient
  const run = (statement: string) => sql.unsafe(statement.replace(/;$/, ""))
  yield* Effect.forEach(schemaOf(dialect), run, { discard: true })
  if (dialect === "sqlite") return yield* Effect.forEach(rows, run, { discard: true })
  const withKeys = rows.map((row) => row.replace(") VALUES (", ") OVERRIDING SYSTEM VALUE VALUES ("))
  yield* Effect.forEach(withKeys, run, { discard: true })
  yield* Effect.forEach(
    tables,
    (table) => run(`SELECT setval(pg_get_serial_sequence('${table}', 'key'), max(key)) FROM ${table}`),
    { discard: true }
  )
})

const token = Redacted.make("emulator-token")
const common = { token, baseUrl: "http://127.0.0.1" }
/** The conversation that was forgotten. */
const forgotten = "4404261"

const vendors = {
  opencopilot: {
    source: OpenCopilot.layerSource({ ...common, botId: "demo-bot", pageSize: 5 }),
    wireOf: OpenCopilotCodecs.messages.encode
  },
  chatling: {
    source: Chatling.layerSource({ ...common, chatbotId: "demo-chatbot" }),
    wireOf: ChatlingCodecs.messages.encode
  },
  botuj: { source: Botuj.layerSource({ ...common, pageSize: 5 }), wireOf: BotujCodecs.messages.encode },
  gptbots: {
    source: Gptbots.layerSource({ ...common, pageSize: 5, api: "v2", until: 4_000_000_000_000 }),
    wireOf: GptbotsCodecs.messagesV2.encode
  }
}

type Vendor = keyof typeof vendors
const names: ReadonlyArray<Vendor> = ["opencopilot", "chatling", "botuj", "gptbots"]

/** The wire rows that the archive has, and those that the vendor has. */
const compared = Effect.fnUntraced(function* (vendor: Vendor, conversationId: string) {
  const archive = yield* Archive
  const { corpus } = yield* Emulator
  const wireOf: (message: Message) => unknown = vendors[vendor].wireOf
  const messages = yield* Stream.runCollect(archive.messages({ vendor, conversationId }))
  const truth =
    vendor === "gptbots" ? corpus.gptbots.messagesV2(conversationId) : corpus[vendor].messages(conversationId)
  return [messages.map(wireOf), truth === undefined ? [] : Rows.toArray<unknown>(truth)] as const
})

/** Brings the archive up to what the emulator has now, and compares. */
const upgraded = Effect.gen(function* () {
  const archive = yield* Archive
  for (const vendor of names) {
    for (const full of [false, true]) {
      const report = yield* Effect.provide(
        Source.use((source) => Sync.sync(source, { full })),
        vendors[vendor].source
      )
      assert.deepStrictEqual([report.failed, report.gone, report.vanished], [[], 0, 0], vendor)
    }
    const { corpus } = yield* Emulator
    for (const conversationId of Rows.toArray(corpus[vendor].conversationIds)) {
      const [stored, truth] = yield* compared(vendor, conversationId)
      const here = `${vendor} ${conversationId}`
      assert.deepStrictEqual(stored, conversationId === forgotten ? [] : truth, here)
    }
  }
  const standings = (yield* Stream.runCollect(archive.status.conversations())).map(({ standing }) => standing)
  assert.deepStrictEqual([...new Set(standings)], ["complete"])
}).pipe(
  Effect.provide(
    Emulator.layerHttpClient.pipe(
      Layer.provideMerge(Emulator.layer({ seed: 5, conversations: 3, messages: 45 }))
    )
  )
)

describe("an archive of version 1", () => {
  it.live("is opened, resumed and brought up to date in SQLite", () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "archive.db")
      yield* Effect.provide(restore("sqlite"), Sqlite.layer({ filename }))
      yield* Effect.provide(upgraded, Archive.over(Sqlite.layer({ filename })))
    }).pipe(Effect.scoped)
  )

  it.live("is opened, resumed and brought up to date in Postgres", () =>
    Effect.gen(function* () {
      const url = yield* (yield* postgres).fresh
      yield* Effect.provide(restore("postgres"), Postgres.layer({ url }))
      yield* Effect.provide(upgraded, Archive.over(Postgres.layer({ url })))
    }).pipe(Effect.scoped)
  )
})
