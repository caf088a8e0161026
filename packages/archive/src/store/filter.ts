/**
 * Filters: a vendor, an account, a conversation.
 */
import type { Fragment } from "effect/sql/Statement"
import type { Database } from "../database/database.ts"
import * as Rows from "./rows.ts"

/** Which part of an archive is meant. A field that is left out does not restrict. */
export interface Filter {
  readonly vendor?: string | undefined
  readonly account?: string | undefined
  readonly conversationId?: string | undefined
}

/** Which messages are meant. */
export interface MessageFilter extends Filter {
  /** Includes messages that are gone at the vendor. Default false. */
  readonly gone?: boolean | undefined
}

/** The SQL condition for a vendor, account and conversation. */
export const matching = (
  { sql }: Database,
  { account, conversationId, vendor }: Filter,
  table: "c" | "q" = "c"
): ReadonlyArray<Fragment> => [
  ...(vendor === undefined ? [] : [sql`${sql(table)}.vendor = ${vendor}`]),
  ...(account === undefined ? [] : [sql`${sql(table)}.account = ${account}`]),
  ...(conversationId === undefined ? [] : [sql`c.id = ${Rows.storableId(conversationId)}`])
]
