/**
 * Who writes a conversation's pages, each into a database of its own with the archive's tables, indexes and triggers:
 * the archive, and inserts that were prepared once, in one transaction for each page.
 */
import { DatabaseSync } from "node:sqlite"
import { Archive, unlisted } from "@colloquy/archive"
import type { Message, Page } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Empty } from "./databases.ts"
import type { pageSize } from "./history.ts"

/** Writes all pages of a conversation that it has not written yet. */
export interface Writer {
  readonly write: (conversationId: string, pages: Pages) => Effect.Effect<unknown>
  /** Messages that are there. */
  readonly count: Effect.Effect<number>
}
export type Pages = ReadonlyArray<Page.Page<Message>>

const storedAt = "2024-06-23T11:58:10.169Z"

// ---------------------------------------------------------------------------------------------------------------
// The archive
// ---------------------------------------------------------------------------------------------------------------

/** The archive: rows and checkpoint in one transaction for each page. */
export const archive = Effect.fnUntraced(function* ({
  layer
}: Empty): Effect.fn.Return<Writer, never, Scope.Scope> {
  const context = yield* Effect.orDie(Layer.build(Layer.provideMerge(Archive.layer, layer)))
  const write = Effect.fnUntraced(function* (conversationId: string, pages: Pages) {
    const session = yield* Archive.use((archive) =>
      archive.sessions.open(unlisted("gptbots", "default", conversationId), { want: "full" })
    )
    if (session === undefined) return yield* Effect.die("the archive does not want the conversation")
    for (const page of pages) yield* session.write(page)
  })
  return {
    write: (conversationId, pages) => Effect.orDie(Effect.provide(write(conversationId, pages), context)),
    count: Effect.orDie(Effect.provide(counted, context))
  }
})

const counted = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [row] = yield* sql<{ n: number | bigint }>`SELECT count(*) AS n FROM messages`
  return Number(row?.n ?? 0)
})

/** Makes the archive's tables. */
const tables = (layer: Layer.Layer<SqlClient, SqlError>): Effect.Effect<void> =>
  Effect.orDie(Effect.scoped(Layer.build(Layer.provide(Archive.layer, layer)))).pipe(Effect.asVoid)

// ---------------------------------------------------------------------------------------------------------------
// Prepared inserts
// ---------------------------------------------------------------------------------------------------------------

const columns = [
  "conversation",
  "id",
  "id_origin",
  "place",
  "position",
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
  "exact",
  "first_reading",
  "last_reading",
  "stored_at"
]

type Cells = Array<string | number | null>

const cellsOf = (conversation: number, place: number, message: Message): Cells => [
  conversation,
  message.id,
  message.idOrigin,
  place,
  message.position,
  message.role,
  message.text,
  message.createdAt,
  message.parentId,
  message.userId,
  message.kind,
  JSON.stringify(message.citations),
  JSON.stringify(message.attachments),
  message.feedback,
  JSON.stringify(message.extra),
  null,
  1,
  1,
  storedAt
]

const insertInto = `INSERT INTO messages (${columns.join(", ")}) VALUES `
const newAccount = `INSERT INTO accounts (vendor, account, added_at) VALUES ('gptbots', 'default', '${storedAt}')
ON CONFLICT DO NOTHING`
const newConversation = (
  parameter: string
) => `INSERT INTO conversations (vendor, account, id, extra, stored_at)
VALUES ('gptbots', 'default', ${parameter}, '{}', '${storedAt}') RETURNING key`

const keyIn = (row: unknown): number =>
  typeof row === "object" && row !== null && "key" in row ? Number(row.key) : 0

/** `node:sqlite`, told what the archive tells it. */
export const bareSqlite = Effect.fnUntraced(function* ({
  filename,
  layer
}: Empty): Effect.fn.Return<Writer, never, Scope.Scope> {
  yield* tables(layer)
  const db = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(filename)),
    (db) => Effect.sync(() => db.close())
  )
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")
  db.exec("PRAGMA cache_size = -32000")
  const [begin, commit] = [db.prepare("BEGIN IMMEDIATE"), db.prepare("COMMIT")]
  const conversation = db.prepare(newConversation("?"))
  const insert = db.prepare(`${insertInto} (${columns.map(() => "?").join(", ")})`)
  const write = (conversationId: string, pages: Pages) => {
    db.exec(newAccount)
    const key = keyIn(conversation.get(conversationId))
    for (const { items, start } of pages) {
      begin.run()
      for (const [at, message] of items.entries()) insert.run(...cellsOf(key, start + at, message))
      commit.run()
    }
  }
  return {
    write: (conversationId, pages) => Effect.sync(() => write(conversationId, pages)),
    count: Effect.sync(() => Number(db.prepare("SELECT count(*) AS n FROM messages").get()?.n))
  }
})

/** `rows` of parameters, numbered as Postgres wants them. */
const numbered = (rows: number): string =>
  Array.from({ length: rows }, (_, row) => {
    const names = columns.map((_, column) => `$${row * columns.length + column + 1}`)
    return `(${names.join(", ")})`
  }).join(", ")

/** The archive's driver for Postgres, with so many rows in each statement. */
export const barePostgres = Effect.fnUntraced(function* (
  { layer }: Empty,
  together: 1 | typeof pageSize
): Effect.fn.Return<Writer, never, Scope.Scope> {
  yield* tables(layer)
  const context = yield* Effect.orDie(Layer.build(layer))
  const insert = insertInto + numbered(together)
  const write = Effect.fnUntraced(function* (conversationId: string, pages: Pages) {
    const connection = yield* (yield* SqlClient).reserve
    yield* connection.executeRaw(newAccount, [])
    const [row] = yield* connection.execute(newConversation("$1"), [conversationId], undefined)
    const key = keyIn(row)
    for (const { items, start } of pages) {
      yield* connection.executeRaw("BEGIN", [])
      const rows = items.map((message, at) => cellsOf(key, start + at, message))
      for (let row = 0; row < rows.length; row += together) {
        yield* connection.executeRaw(insert, rows.slice(row, row + together).flat())
      }
      yield* connection.executeRaw("COMMIT", [])
    }
  }, Effect.scoped)
  return {
    write: (conversationId, pages) => Effect.orDie(Effect.provide(write(conversationId, pages), context)),
    count: Effect.orDie(Effect.provide(counted, context))
  }
})
