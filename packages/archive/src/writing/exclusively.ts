/**
 * One run of a list at a time.
 */
import { DerivedId } from "@colloquy/core/vendor"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import { type ArchiveError, Busy } from "../ArchiveError.ts"
import { type Database, fail, run } from "../database/database.ts"
import type { ListName } from "./Runs.ts"

interface Lock {
  readonly sql: SqlClient
  readonly name: string
}

/** The locks that this fiber runs under. */
const Locks = Context.Reference<ReadonlyArray<Lock>>("@colloquy/archive/Locks", { defaultValue: () => [] })

/** Runs an effect while nobody else does so for the same list. */
export const exclusively = Effect.fnUntraced(function* <A, E, R>(
  { dialect, sql }: Database,
  list: ListName,
  effect: Effect.Effect<A, E, R>
): Effect.fn.Return<A, E | ArchiveError, R> {
  const { account, listFilter, vendor } = list
  const name = DerivedId.make([vendor, account, listFilter])
  const held = yield* Locks
  if (held.some((lock) => lock.sql === sql && lock.name === name)) return yield* effect
  const taking = Effect.filterOrFail(
    run({ dialect }, "Archive.exclusively", dialect.take(sql)(name)),
    (isTaken) => isTaken,
    () => fail("Archive.exclusively", busy(list))
  )
  const locked = Effect.updateService(effect, Locks, (held) => [...held, { sql, name }])
  return yield* Effect.scopedWith((scope) => Effect.andThen(Scope.provide(taking, scope), locked))
})

const busy = ({ account, listFilter, vendor }: ListName): Busy => {
  const which = listFilter === "{}" ? "" : `, list ${listFilter}`
  return new Busy({ problem: "its lock is taken", source: `${vendor}, account ${account}${which}` })
}
