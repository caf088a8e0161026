/**
 * Locks that vanish with the process that holds them. A name is taken at once or not at all.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** Takes a name until the scope ends. False if another has it. */
export type Take = (name: string) => Effect.Effect<boolean, SqlError, Scope.Scope>

const known = new WeakMap<SqlClient, Take>()

/** Says how names are taken at a client's database. */
export const put = (sql: SqlClient, take: Take): void => void known.set(sql, take)

/** How names are taken at a client's database: among those who share the client, if nothing else is known. */
export const of = (sql: SqlClient): Take => {
  const take = known.get(sql) ?? amongUsers()
  put(sql, take)
  return take
}

const amongUsers = (): Take => {
  const taken = new Set<string>()
  const take = (name: string) => {
    const isFree = !taken.has(name)
    if (isFree) taken.add(name)
    return isFree
  }
  return (name) =>
    Effect.acquireRelease(
      Effect.sync(() => take(name)),
      (isTaken) => Effect.sync(() => isTaken && taken.delete(name))
    )
}
