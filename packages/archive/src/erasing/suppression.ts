/**
 * What must stay out because it was erased. Only salted hashes of names are stored.
 */
import type { Conversation, Message } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Schema from "effect/Schema"
import { type Database, hashOf, type Named } from "../database/database.ts"
import type * as Records from "../store/records.ts"

/** Says of a conversation or a message whether it was erased for good. */
export interface Suppression {
  readonly conversation: (conversation: Conversation) => boolean
  readonly message: (message: Message) => boolean
  readonly record: (record: Records.Row) => boolean
  /** Whether any user was erased at all. */
  readonly anyUser: boolean
  /** The hashes of the erased users by whom a message is, or whom a record names. */
  readonly usersOf: (names: Omit<Named, "id">, ids: ReadonlyArray<string>) => ReadonlyArray<string>
}

const nothing: Suppression = {
  conversation: () => false,
  message: () => false,
  record: () => false,
  anyUser: false,
  usersOf: () => []
}

/** What the archive keeps out. It does not change until the transaction ends. */
export const load = (database: Database): Effect.Effect<Suppression, SqlError> =>
  Effect.andThen(database.dialect.steady(database.sql, "forgotten"), look(database))

/** What the archive keeps out now, for those who write nothing. */
export const look = Effect.fnUntraced(function* (
  database: Database
): Effect.fn.Return<Suppression, SqlError> {
  const rows = yield* database.sql<{ hash: string; kind: string }>`SELECT hash, kind FROM forgotten`
  if (rows.length === 0) return nothing
  const hashes = new Set(rows.map(({ hash }) => hash))
  const users = new Map<string, boolean>()
  const isUser = (vendor: string, account: string, id: string): boolean => {
    const known = users.get(id)
    if (known !== undefined) return known
    const is = hashes.has(hashOf(database, "user", { vendor, account, id }))
    // A page has few users, an account may have millions.
    if (users.size >= 1000) users.clear()
    users.set(id, is)
    return is
  }
  return {
    anyUser: rows.some(({ kind }) => kind === "user"),
    usersOf: ({ account, vendor }, ids) =>
      [...new Set(ids)].flatMap((id) =>
        isUser(vendor, account, id) ? [hashOf(database, "user", { vendor, account, id })] : []
      ),
    conversation: (conversation) =>
      hashes.has(hashOf(database, "conversation", conversation)) ||
      namesIn(conversation).some((name) => isUser(conversation.vendor, conversation.account, name)),
    message: ({ account, userId, vendor }) => userId !== null && isUser(vendor, account, userId),
    record: ({ account, conversation, json, vendor }) =>
      namesInRecord(json).some(
        (id) =>
          isUser(vendor, account, id) ||
          (conversation === null && hashes.has(hashOf(database, "conversation", { vendor, account, id })))
      )
  }
})

const parse = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Json))

/**
 * Everything by which an undecodable record may name someone: every text in it, and the numbers in fields whose names end
 * in `id`.
 */
export const namesInRecord = (json: string): ReadonlyArray<string> => namesOf("", parse(json))

const namesOf = (field: string, value: Schema.Json): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return /id$/i.test(field) ? [String(value)] : []
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => namesOf(Array.isArray(value) ? field : name, each))
}

/** The fields that may name a conversation's user, such as `user_id` and `contact_id`: they have no canonical field. */
export const namesIn = ({ extra }: Conversation): ReadonlyArray<string> =>
  Object.entries(extra).flatMap(([field, value]) =>
    field.endsWith("_id") && (typeof value === "string" || typeof value === "number") ? [String(value)] : []
  )
