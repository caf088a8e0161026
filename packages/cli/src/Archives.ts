/**
 * Finds the archive that `--archive` names, and checks that it exists before it is opened.
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
import * as Configuration from "./Configuration.ts"
import type { Secret } from "./configuration/schema.ts"
import * as Secrets from "./configuration/secrets.ts"
import { MissingArchive, UsageError } from "./Failure.ts"
import { nonEmpty, wrapped } from "./Flags.ts"
import * as Invocation from "./Invocation.ts"
import * as Vendors from "./Vendors.ts"

/** The variable that is read if `--archive` is not given. It keeps a URL with a password out of the flags. */
export const variable = "COLLOQUY_ARCHIVE"

/** The flag that names the archive, in every command that uses one. */
export const flag = {
  archive: Flag.String("archive").pipe(
    Flag.withMetavar("FILE|URL"),
    Flag.withDescription(
      `The archive: an SQLite file or a postgres:// URL (default: the variable ${variable}, else the configuration's)`
    ),
    Flag.optional
  )
}

/** The values of `flag`. */
export interface Flags {
  readonly archive: Option.Option<string>
}

/** Flags that select a part of an archive. Without them everything is selected. */
export const filter = (vendors: Vendors.Registry) => ({
  vendor: nonEmpty(Flag.String("vendor")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(`Only this vendor: ${Vendors.namesOf(vendors).join(", ")}`),
    Flag.optional
  ),
  account: nonEmpty(Flag.String("account")).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("Only this account, by the name that it was synced under"),
    Flag.optional
  ),
  conversation: nonEmpty(Flag.String("conversation")).pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Only this conversation, by the vendor's id"),
    Flag.optional
  )
})

/** The values of `filter` as a filter. */
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

/** The place that the flag names, else the variable, else the configuration. */
export const place = Effect.fnUntraced(function* ({ archive }: Flags) {
  const given = yield* Option.match(archive, {
    onSome: Effect.succeed,
    onNone: () => Effect.orElseSucceed(Config.String(variable), () => "")
  })
  if (given.trim() !== "") return yield* placeOf(given)
  const configuration = yield* Configuration.current
  const configured = Option.isNone(archive) ? Option.getOrUndefined(configuration) : undefined
  if (configured?.archive !== undefined) return yield* configuredPlace(configured.archive, configured.folder)
  return yield* new UsageError({
    problem: `no archive; give --archive FILE|URL, set ${variable}, or write archive in the configuration`
  })
})

const configuredPlace = Effect.fnUntraced(function* (archive: string | Secret, folder: string) {
  if (typeof archive !== "string") {
    return yield* placeOf(
      Redacted.value(yield* Secrets.read({ secret: archive, what: "the archive", folder }))
    )
  }
  const named = yield* placeOf(archive)
  if (named._tag === "Postgres") return named
  const filename = yield* Secrets.absolute(named.filename, folder)
  return { ...named, filename }
})

const placeOf = Effect.fnUntraced(function* (given: string): Effect.fn.Return<Place, UsageError> {
  const problem = wrapped(given)
  if (problem !== undefined) return yield* new UsageError({ problem: `the archive's name ${problem}` })
  if (/^postgres(ql)?:\/\//i.test(given)) return { _tag: "Postgres", url: Redacted.make(given) }
  // If it were taken for a file, messages would show it with its password.
  if (/:\/\/|^postgres(ql)?:/i.test(given)) {
    return yield* new UsageError({
      problem: "the archive is a URL, but none of Postgres; give postgres://…, or the path of a file"
    })
  }
  if (/\bpassword\s*=/i.test(given)) {
    return yield* new UsageError({ problem: "the archive is neither a file nor a URL; give postgres://…" })
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

/** The archive in a place, opened for reading only. */
const layerToRead = (place: Place): Layer.Layer<Archive, ArchiveError.ArchiveError> =>
  Archive.over(database(place, true), { readOnly: true })

/** An archive in memory. It is gone when the command ends. */
const nowhere: Place = { _tag: "Sqlite", filename: ":memory:" }

/** Whether the file exists. A server is assumed to exist, and so is a file that cannot be checked. */
const isThere = (place: Place): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  place._tag === "Postgres"
    ? Effect.succeed(true)
    : Effect.flatMap(FileSystem.FileSystem, (fs) =>
        Effect.orElseSucceed(fs.exists(place.filename), () => true)
      )

/** Whether there is an archive. True if that cannot be checked: opening it then says why. */
const exists = Effect.fnUntraced(function* (
  place: Place
): Effect.fn.Return<boolean, never, FileSystem.FileSystem> {
  if (!(yield* isThere(place))) return false
  return yield* Effect.orElseSucceed(Effect.provide(Archive.isThere, database(place, true)), () => true)
})

/** The place that the flag names. Fails if there is no archive. */
const placeOfExisting = Effect.fnUntraced(function* (flags: Flags) {
  const where = yield* place(flags)
  if (yield* exists(where)) return where
  const what =
    where._tag === "Postgres" ? "in that database; check the URL" : `${where.filename}; check the path`
  return yield* new MissingArchive({
    problem: `there is no archive ${what}, or make it with ${yield* Invocation.command("sync", flags)}`
  })
})

/** The archive that the flag names. Fails if there is none. */
export const existing = (flags: Flags) => Effect.map(placeOfExisting(flags), layer)

/** The archive that the flag names, opened for reading only. Needs no right to write. */
export const readable = (flags: Flags) => Effect.map(placeOfExisting(flags), layerToRead)

/** The archive that the flag names. Creates a missing file, but not its folder. */
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

/** The archive to plan a sync with: the one that the flag names, or an empty one if it does not exist yet. */
export const planned = Effect.fnUntraced(function* (flags: Flags) {
  const where = yield* place(flags)
  return (yield* exists(where)) ? layerToRead(where) : layer(nowhere)
})
