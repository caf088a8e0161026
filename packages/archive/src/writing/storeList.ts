/**
 * Stores a page of a vendor's list of conversations.
 */
import type { Note } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { type Database, now } from "../database/database.ts"
import * as Personal from "../erasing/personal.ts"
import * as Suppression from "../erasing/suppression.ts"
import * as Conversations from "../store/conversations.ts"
import * as Lists from "../store/lists.ts"
import * as Records from "../store/records.ts"
import type { ListedPage, ListPage } from "./Runs.ts"

/** Stores a page. At the list's end, conversations that the run has not met have vanished. */
export const storeList = Effect.fnUntraced(function* (
  database: Database,
  { account, impersonalExtra, page, run, vendor }: ListPage
): Effect.fn.Return<ListedPage, SqlError> {
  const storedAt = yield* now
  const suppression = yield* Suppression.load(database)
  const conversations = page.items.filter((conversation) => !suppression.conversation(conversation))
  const owner = { vendor, account }
  const stored = yield* Personal.storable(database, suppression, owner, conversations, impersonalExtra)
  yield* Conversations.put(database, stored, storedAt, storedAt)
  if (impersonalExtra !== undefined) yield* Personal.tell(database, owner, impersonalExtra)
  const where = { vendor, account, conversation: null, list: run.list }
  const records = page.undecodable
    .map((record) => Records.rowOf(where, record, false))
    .filter((record) => !suppression.record(record))
  const found = yield* Records.put(
    database,
    { reading: run.key, run: run.key, storedAt },
    yield* Personal.storableRecords(database, suppression, owner, records)
  )
  if (run.list === null) return { conversations, found, vanished: 0 }
  const reading = { list: run.list, run: run.key }
  const ids = [
    ...conversations.map(({ id }) => id),
    ...page.undecodable.flatMap(({ json }) => valuesIn(json))
  ]
  yield* Lists.note(database, reading, yield* Conversations.keysOf(database, owner, ids))
  if (page.completion === null) return { conversations, found, vanished: 0 }
  yield* Records.settleList(database, where, run.key)
  const vanished = mayHavePassed(page.completion.notes) ? 0 : yield* Lists.end(database, reading, storedAt)
  return { conversations, found, vanished }
})

/** Whether the list moved so that a conversation may have passed the place that was being read: another run will tell. */
const mayHavePassed = (notes: ReadonlyArray<Note.Note>): boolean =>
  notes.some(
    (note) =>
      note._tag === "CameAgain" ||
      (note._tag === "UnseenDrift" && ["fewerThanTotal", "movedToFront"].includes(note.cause))
  )

/** Texts and numbers of an undecodable record: one may be its id, and its conversation is still on the list. */
const valuesIn = (json: Schema.Json): ReadonlyArray<string> => {
  const values = typeof json === "object" && json !== null ? Object.values(json) : [json]
  return values.flatMap((value) =>
    typeof value === "string" || typeof value === "number" ? [String(value)] : []
  )
}
