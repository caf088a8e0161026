/**
 * Makes, lists and undoes erasures.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { ArchiveError } from "../ArchiveError.ts"
import { type Database, type Named, now, run, transaction } from "../database/database.ts"
import { paged } from "../database/paged.ts"
import * as Erase from "./erase.ts"
import { type EraseOptions, Erasure, type Erasures, type Kind } from "./Erasures.ts"
import * as Suppression from "./suppression.ts"
import * as Survey from "./survey.ts"

/** The erasures of an archive. */
export const make = (database: Database): Erasures => ({
  forgetConversation: (name, options) => erase(database, "conversation", name, options),
  forgetUser: (name, options) => erase(database, "user", name, options),
  keepsOut: (conversation) =>
    run(
      database,
      "Archive.keepsOut",
      Effect.map(Suppression.look(database), (suppression) => suppression.conversation(conversation))
    ),
  list: list(database),
  undoConversation: (name) =>
    transaction(database, "Archive.undoForget", Survey.undo(database, "conversation", name)),
  undoUser: (name) => transaction(database, "Archive.undoForget", Survey.undo(database, "user", name))
})

const erase = (database: Database, kind: Kind, name: Named, { dryRun = false }: EraseOptions = {}) =>
  dryRun
    ? run(database, "Archive.forget", Survey.survey(database, kind, name))
    : now.pipe(
        Effect.flatMap((at) =>
          transaction(database, "Archive.forget", Erase.erase(database, kind, name, at))
        ),
        Effect.tap(() => run(database, "Archive.forget", Erase.scrub(database)))
      )

const decode = Schema.decodeUnknownSync(Schema.Array(Erasure))

const pageSize = 1000

const list = (database: Database): Stream.Stream<Erasure, ArchiveError> => {
  const { sql } = database
  return paged(database, {
    operation: "Archive.forgotten",
    size: pageSize,
    page: (after: Pick<Erasure, "forgottenAt" | "hash"> | undefined) =>
      sql<Erasure>`SELECT kind, hash, forgotten_at AS "forgottenAt" FROM forgotten
WHERE ${after === undefined ? sql`1 = 1` : sql`(forgotten_at, hash) > (${after.forgottenAt}, ${after.hash})`}
ORDER BY forgotten_at, hash LIMIT ${pageSize}`,
    keyOf: (row) => row,
    decode
  })
}
