/**
 * The conversations that a run must recheck when it has read its list.
 */
import type { Fragment } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import type { Database } from "../database/database.ts"
import { conversationsWhere } from "../reading/history.ts"
import type { Recheck, Run } from "./Runs.ts"

/** The conversations to recheck, and what is wanted of each. */
export const rechecks = (database: Database, run: Run): Stream.Stream<Recheck, ArchiveError> => {
  const found = (want: Recheck["want"], condition: Fragment) =>
    Stream.map(conversationsWhere(database, [condition]), (conversation) => ({ conversation, want }))
  return Stream.concat(
    run.from === run.key ? Stream.empty : found("incremental", passedOver(database, run)),
    Stream.suspend(() => (run.met.rows === 0 ? Stream.empty : found("full", silent(database, run))))
  )
}

/** An earlier run, which this one continues, has read it, and the list does not show what came since. */
const passedOver = (
  { sql }: Database,
  { from, key, list }: Run
) => sql`c.message_count IS NULL AND c.updated_at IS NULL
  AND EXISTS (SELECT 1 FROM listed l WHERE l.conversation = c.key AND l.list = ${list} AND l.run = ${key})
  AND EXISTS (SELECT 1 FROM checkpoints p WHERE p.conversation = c.key AND p.read_run >= ${from} AND p.read_run < ${key})`

/** None of its messages came in this run. Whether the vendor sent nothing at all is known only now. */
const silent = ({ sql }: Database, { key }: Run) => sql`EXISTS (
  SELECT 1 FROM checkpoints p WHERE p.conversation = c.key AND p.whole_run = ${key} AND p.suspected > 0
  AND p.suspected = p.stored)
  AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.key AND m.missing_at IS NOT NULL
    AND (m.missing_run IS NULL OR m.missing_run < ${key}))`
