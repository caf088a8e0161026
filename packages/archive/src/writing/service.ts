/**
 * The runs and read sessions of an archive: everything that a sync writes.
 */
import type { Conversation } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { type Database, type Named, now, refuseOption, run, transaction } from "../database/database.ts"
import * as Personal from "../erasing/personal.ts"
import * as Suppression from "../erasing/suppression.ts"
import * as Checkpoints from "../store/checkpoints.ts"
import * as Conversations from "../store/conversations.ts"
import { exclusively } from "./exclusively.ts"
import { period } from "./period.ts"
import type { Plan, ReadSession, ReadSessions } from "./ReadSession.ts"
import { rechecks } from "./rechecks.ts"
import * as RunLog from "./runLog.ts"
import type { Runs } from "./Runs.ts"
import * as Session from "./session.ts"
import { storeList } from "./storeList.ts"

/** The runs of an archive. */
export const runs = (database: Database): Runs => ({
  exclusively: (list, effect) => exclusively(database, list, effect),
  begin: (options) =>
    transaction(
      database,
      "Archive.beginRun",
      Effect.flatMap(now, (at) => RunLog.begin(database, options, at))
    ),
  list: (page) => transaction(database, "Archive.list", storeList(database, page)),
  rechecks: (of) => rechecks(database, of),
  end: (begun, outcome, report) =>
    run(
      database,
      "Archive.endRun",
      Effect.flatMap(now, (at) => Effect.asVoid(RunLog.end(database, begun, outcome, report, at)))
    )
})

/** The read sessions of an archive. */
export const sessions = (database: Database): ReadSessions => ({
  state: (name) => run(database, "Archive.state", state(database, name)),
  open: (conversation, plan) =>
    period("goneAfter", plan.goneAfter ?? 0).pipe(
      Effect.mapError(refuseOption("Archive.reading")),
      Effect.andThen(transaction(database, "Archive.reading", open(database, conversation, plan)))
    ),
  noteFailure: (name, failure) => run(database, "Archive.noteFailure", noteFailure(database, name, failure)),
  dropUnread: (name) => transaction(database, "Archive.dropUnread", dropUnread(database, name))
})

const state = Effect.fnUntraced(function* (database: Database, name: Named) {
  const key = yield* Conversations.keyOf(database, name)
  return key === undefined ? undefined : yield* Checkpoints.find(database, key)
})

const open = Effect.fnUntraced(function* (
  database: Database,
  conversation: Conversation,
  plan: Plan
): Effect.fn.Return<ReadSession | undefined, SqlError> {
  const suppression = yield* Suppression.load(database)
  if (suppression.conversation(conversation)) return undefined
  const at = yield* now
  const stored = yield* Personal.storable(database, suppression, conversation, [conversation])
  yield* Conversations.put(database, stored, null, at)
  const key = (yield* Conversations.keyOf(database, conversation)) ?? 0
  const state = yield* Checkpoints.load(database, key)
  return Session.make({ database, suppression, conversation, key }, state, plan, at)
})

const noteFailure = Effect.fnUntraced(function* (
  database: Database,
  name: Named,
  failure: string
): Effect.fn.Return<void, SqlError> {
  const key = yield* Conversations.keyOf(database, name)
  if (key !== undefined) yield* Checkpoints.noteFailure(database, key, failure, yield* now)
})

const dropUnread = Effect.fnUntraced(function* (
  database: Database,
  name: Named
): Effect.fn.Return<boolean, SqlError> {
  const key = yield* Conversations.keyOf(database, name)
  return key !== undefined && (yield* Conversations.dropUnread(database, key))
})
