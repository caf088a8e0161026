/**
 * The archive's schema as a list of migrations. Released migrations never change; new ones are added.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import * as Dialect from "./dialect.ts"
import { views } from "./views.ts"

/** The columns with a message's content: those that a revision keeps. */
export const content = [
  "role",
  "text",
  "created_at",
  "parent_id",
  "user_id",
  "kind",
  "citations",
  "attachments",
  "feedback",
  "extra",
  "exact"
] as const

/** What vendors said. */
const history = ({ bigint, key, number }: Dialect.Dialect): ReadonlyArray<string> => [
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  `CREATE TABLE accounts (
  vendor TEXT NOT NULL, account TEXT NOT NULL, added_at TEXT NOT NULL,
  PRIMARY KEY (vendor, account)
)`,
  `CREATE TABLE conversations (
  key ${key},
  vendor TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL,
  created_at TEXT, updated_at TEXT, channel TEXT, status TEXT, summary TEXT, classification TEXT, assignee TEXT,
  handoff INTEGER, sentiment TEXT, message_count ${number}, extra TEXT NOT NULL, exact TEXT,
  listed_at TEXT, stored_at TEXT NOT NULL,
  UNIQUE (vendor, account, id),
  FOREIGN KEY (vendor, account) REFERENCES accounts (vendor, account)
)`,
  `CREATE TABLE messages (
  key ${key},
  conversation ${bigint} NOT NULL REFERENCES conversations (key),
  id TEXT NOT NULL, id_origin TEXT NOT NULL,
  place ${bigint} NOT NULL, position ${number},
  role TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT, parent_id TEXT, user_id TEXT, kind TEXT,
  citations TEXT NOT NULL, attachments TEXT NOT NULL, feedback TEXT, extra TEXT NOT NULL, exact TEXT,
  first_reading INTEGER NOT NULL, last_reading INTEGER NOT NULL, stored_at TEXT NOT NULL,
  gone_at TEXT, gone_proof TEXT,
  UNIQUE (conversation, id)
)`,
  `CREATE INDEX messages_place ON messages (conversation, place)`,
  `CREATE INDEX messages_created ON messages (created_at)`,
  `CREATE INDEX messages_user ON messages (user_id) WHERE user_id IS NOT NULL`,
  `CREATE INDEX messages_gone ON messages (conversation) WHERE gone_at IS NOT NULL`,
  `CREATE TABLE revisions (
  key ${key},
  message ${bigint} NOT NULL, conversation ${bigint} NOT NULL, reading INTEGER NOT NULL, replaced_at TEXT NOT NULL,
  ${content.map((name) => `${name} TEXT`).join(", ")}
)`,
  `CREATE INDEX revisions_message ON revisions (conversation, message)`
]

/** How far it was read, and what is kept out. */
const progress = ({ bigint, key, number }: Dialect.Dialect): ReadonlyArray<string> => [
  `CREATE TABLE checkpoints (
  conversation ${bigint} PRIMARY KEY REFERENCES conversations (key),
  revision INTEGER NOT NULL, reading INTEGER NOT NULL, kind TEXT NOT NULL, begun_at TEXT,
  finished INTEGER NOT NULL,
  checkpoint TEXT, listing_order TEXT NOT NULL, stored INTEGER NOT NULL, withheld INTEGER NOT NULL,
  counted INTEGER NOT NULL, finished_reading INTEGER NOT NULL, read_at TEXT, whole_at TEXT, completion TEXT,
  claimed ${number}, listed_count ${number}, listed_active TEXT, failure TEXT, failed_at TEXT
)`,
  `CREATE TABLE quarantine (
  id TEXT PRIMARY KEY, vendor TEXT NOT NULL, account TEXT NOT NULL, conversation ${bigint} REFERENCES conversations (key),
  place ${number} NOT NULL, reading INTEGER NOT NULL, problem TEXT NOT NULL, json TEXT NOT NULL, found_at TEXT NOT NULL
)`,
  `CREATE INDEX quarantine_conversation ON quarantine (conversation)`,
  `CREATE TABLE runs (
  key ${key},
  vendor TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, started_at TEXT NOT NULL, continues_from TEXT NOT NULL,
  ended_at TEXT, outcome TEXT, report TEXT
)`,
  `CREATE INDEX runs_account ON runs (vendor, account, key)`,
  `CREATE TABLE forgotten (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, forgotten_at TEXT NOT NULL)`,
  `CREATE TABLE withheld (
  conversation ${bigint} NOT NULL REFERENCES conversations (key), hash TEXT NOT NULL, reading INTEGER NOT NULL,
  PRIMARY KEY (conversation, hash)
)`
]

const first = Effect.gen(function* () {
  const sql = yield* SqlClient
  const dialect = Dialect.of(sql)
  const statements = [...history(dialect), ...progress(dialect), ...dialect.keepRevisions(content), ...views]
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})

/**
 * Runs have numbers, so that no clock decides what was read; lists are told apart; and messages that did not come are
 * suspected before they are called gone.
 */
const decided = ({ bigint, key }: Dialect.Dialect): ReadonlyArray<string> => [
  `CREATE TABLE lists (
  key ${key},
  vendor TEXT NOT NULL, account TEXT NOT NULL, filter TEXT NOT NULL, added_at TEXT NOT NULL,
  UNIQUE (vendor, account, filter)
)`,
  `CREATE TABLE listed (
  list ${bigint} NOT NULL REFERENCES lists (key), conversation ${bigint} NOT NULL REFERENCES conversations (key),
  run INTEGER NOT NULL, vanished_at TEXT, vanished_run INTEGER, accepted_at TEXT,
  PRIMARY KEY (list, conversation)
)`,
  `CREATE INDEX listed_conversation ON listed (conversation)`,
  `ALTER TABLE runs ADD COLUMN list ${bigint} REFERENCES lists (key)`,
  `ALTER TABLE runs ADD COLUMN continues_run INTEGER`,
  `ALTER TABLE checkpoints ADD COLUMN begun_run INTEGER`,
  `ALTER TABLE checkpoints ADD COLUMN read_run INTEGER`,
  `ALTER TABLE checkpoints ADD COLUMN whole_run INTEGER`,
  `ALTER TABLE checkpoints ADD COLUMN end_checkpoint TEXT`,
  `ALTER TABLE checkpoints ADD COLUMN suspected INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE checkpoints ADD COLUMN short_runs INTEGER NOT NULL DEFAULT 0`,
  `UPDATE checkpoints SET end_checkpoint = checkpoint WHERE finished = 1`,
  `ALTER TABLE messages ADD COLUMN missing_at TEXT`,
  `ALTER TABLE messages ADD COLUMN missing_run INTEGER`,
  `ALTER TABLE quarantine ADD COLUMN list ${bigint} REFERENCES lists (key)`,
  `ALTER TABLE quarantine ADD COLUMN origin TEXT`
]

const second = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* Effect.forEach(decided(Dialect.of(sql)), (statement) => sql.unsafe(statement), { discard: true })
})

/** Which fields of a conversation are not personal, and where personal ones were removed. */
const personal = ({ bigint }: Dialect.Dialect): ReadonlyArray<string> => [
  `ALTER TABLE accounts ADD COLUMN impersonal TEXT`,
  `CREATE TABLE redacted (
  conversation ${bigint} NOT NULL REFERENCES conversations (key), user_hash TEXT NOT NULL,
  PRIMARY KEY (conversation, user_hash)
)`,
  // Earlier erasures have no name; what they left of those people's words goes now.
  `INSERT INTO redacted (conversation, user_hash) SELECT DISTINCT conversation, '' FROM withheld`,
  `UPDATE conversations SET extra = '{}', summary = NULL WHERE key IN (SELECT conversation FROM redacted)`
]

const third = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* Effect.forEach(personal(Dialect.of(sql)), (statement) => sql.unsafe(statement), { discard: true })
  const rows = yield* sql<{
    key: number | bigint | string
    exact: string
  }>`SELECT key, exact FROM conversations
WHERE exact IS NOT NULL AND key IN (SELECT conversation FROM redacted)`
  for (const { exact, key } of rows) {
    const text = JSON.stringify({ ...decodeExact(exact), summary: null, extra: {} })
    yield* sql`UPDATE conversations SET exact = ${text} WHERE key = ${key}`
  }
})

const decodeExact = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.JsonObject))

/** When a record was first met, and which conversations another run must read whole. */
const doubts: ReadonlyArray<string> = [
  `ALTER TABLE quarantine ADD COLUMN first_reading INTEGER`,
  `ALTER TABLE quarantine ADD COLUMN first_run INTEGER`,
  `ALTER TABLE checkpoints ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0`,
  `UPDATE checkpoints SET doubted = 1 WHERE suspected > 0
  OR EXISTS (SELECT 1 FROM quarantine q WHERE q.conversation = checkpoints.conversation)`
]

const fourth = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* Effect.forEach(doubts, (statement) => sql.unsafe(statement), { discard: true })
})

/** Why the vendor gives no more of a conversation. */
const fifth = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql.unsafe("ALTER TABLE checkpoints ADD COLUMN capped TEXT")
})

/** The newest version that this Colloquy knows. */
export const version = 5

const table = "colloquy_migrations"

/** Migrates the schema to this version. */
export const run = Migrator.make({})({
  loader: Migrator.fromRecord({
    "0001_archive": first,
    "0002_decided": second,
    "0003_personal": third,
    "0004_doubts": fourth,
    "0005_capped": fifth
  }),
  table
})

/** The version of the archive; 0 if there is none. */
export const found = Effect.gen(function* () {
  const sql = yield* SqlClient
  if ((yield* Dialect.of(sql).table(sql, table)).length === 0) return 0
  const [row] = yield* sql<{ version: number | null }>`SELECT max(migration_id) AS version FROM ${sql(table)}`
  return row?.version ?? 0
})
