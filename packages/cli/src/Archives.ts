/**
 * From `--archive` to an archive: which database it is, and what must be there before it is opened.
 */
import { Archive, type ArchiveError, type Filter } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import * as Flag from "effect/cli/Flag"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { MissingArchive, UsageError } from "./Failure.ts"
import { wrapped } from "./Flags.ts"
import * as Vendors from "./Vendors.ts"

/** The variable that is read where `--archive` is not given: a URL with a password need not be a flag. */
export const variable = "COLLOQUY_ARCHIVE"

/** Which archive. Every command that has one has this. */
export const flag = {
  archive: Flag.String("archive").pipe(
    Flag.withMetavar("FILE|URL"),
    Flag.withDescription(
      `The archive: an SQLite file, or postgres://… for Postgres (default: the variable ${variable})`
    ),
    Flag.optional
  )
}

/** What is chosen by `flag`. */
export interface Flags {
  readonly archive: Option.Option<string>
}

/** What of an archive; left out, all of it. */
export const filter = {
  vendor: Flag.String("vendor").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(`Only of this vendor: ${Vendors.names.join(", ")}`),
    Flag.optional
  ),
  account: Flag.String("account").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("Only of this account, by the name that it was synced under"),
    Flag.optional
  ),
  conversation: Flag.String("conversation").pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Only of this conversation, by the vendor's id"),
    Flag.optional
  )
}

/** What `filter` chooses. */
export const filterOf = (flags: {
  readonly vendor: Option.Option<string>
  readonly account: Option.Option<string>
  readonly conversation: Option.Option<string>
}): Filter => ({
  vendor: Option.getOrUndefined(flags.vendor),
  account: Option.getOrUndefined(flags.account),
  conversationId: Option.getOrUndefined(flags.conversation)
})

/** Where an archive is. */
export type Place =
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted }
  | { readonly _tag: "Sqlite"; readonly filename: string }

/** The place that the flag or the variable names. */
export const place = Effect.fnUntraced(function* ({ archive }: Flags): Effect.fn.Return<Place, UsageError> {
  const given = yield* Option.match(archive, {
    onSome: Effect.succeed,
    onNone: () => Effect.orElseSucceed(Config.String(variable), () => "")
  })
  if (given.trim() === "") {
    return yield* new UsageError({ problem: `no archive; give --archive FILE|URL, or set ${variable}` })
  }
  const problem = wrapped(given)
  if (problem !== undefined) return yield* new UsageError({ problem: `the archive's name ${problem}` })
  if (/^postgres(ql)?:\/\//i.test(given)) return { _tag: "Postgres", url: Redacted.make(given) }
  // Taken for a file it would be said in messages, with its password.
  if (/:\/\/|^postgres(ql)?:/i.test(given)) {
    return yield* new UsageError({
      problem: "the archive is a URL, but none of Postgres; give postgres://…, or the path of a file"
    })
  }
  return { _tag: "Sqlite", filename: given }
})

const database = (place: Place, readOnly: boolean): Layer.Layer<SqlClient, SqlError> =>
  place._tag === "Postgres"
    ? Postgres.layer({ url: place.url })
    : Sqlite.layer({ filename: place.filename, readOnly })

/** The archive in a place. */
export const layer = (place: Place): Layer.Layer<Archive, ArchiveError.ArchiveError> =>
  Archive.over(database(place, false))

/** The same, for what only reads. */
const layerToRead = (place: Place): Layer.Layer<Archive, ArchiveError.ArchiveError> =>
  Archive.over(database(place, true), { readOnly: true })

/** An archive that is gone at the end. */
const nowhere: Place = { _tag: "Sqlite", filename: ":memory:" }

/** Whether a file is there, or may be; a server always may. */
const isThere = (place: Place): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  place._tag === "Postgres"
    ? Effect.succeed(true)
    : Effect.flatMap(FileSystem.FileSystem, (fs) =>
        Effect.orElseSucceed(fs.exists(place.filename), () => true)
      )

/** Whether there is an archive; true where that cannot be told, so that opening it says why. */
const exists = Effect.fnUntraced(function* (
  place: Place
): Effect.fn.Return<boolean, never, FileSystem.FileSystem> {
  if (!(yield* isThere(place))) return false
  return yield* Effect.orElseSucceed(Effect.provide(Archive.isThere, database(place, true)), () => true)
})

/** The place that the flag names; an archive must be there already. */
const placeOfExisting = Effect.fnUntraced(function* (flags: Flags) {
  const where = yield* place(flags)
  if (yield* exists(where)) return where
  const what =
    where._tag === "Postgres" ? "in that database; check the URL" : `${where.filename}; check the path`
  return yield* new MissingArchive({
    problem: `there is no archive ${what}, or make it with colloquy sync`
  })
})

/** The archive that the flag names; it must be there already. */
export const existing = (flags: Flags) => Effect.map(placeOfExisting(flags), layer)

/** The same, for what only reads: no right to write is needed. */
export const readable = (flags: Flags) => Effect.map(placeOfExisting(flags), layerToRead)

/** The archive that the flag names; a file is made if it is not there, its folder is not. */
export const created = Effect.fnUntraced(function* (flags: Flags) {
  const where = yield* place(flags)
  if (where._tag === "Sqlite" && !(yield* isThere(where))) {
    const fs = yield* FileSystem.FileSystem
    const folder = (yield* Path.Path).dirname(where.filename)
    if (!(yield* Effect.orElseSucceed(fs.exists(folder), () => false))) {
      return yield* new MissingArchive({
        problem: `the archive's folder ${folder} does not exist; make it, or give another path`
      })
    }
  }
  return layer(where)
})

/** The archive to plan against: the one that the flag names, or, where there is none yet, an empty one. */
export const planned = Effect.fnUntraced(function* (flags: Flags) {
  const where = yield* place(flags)
  return (yield* exists(where)) ? layerToRead(where) : layer(nowhere)
})
