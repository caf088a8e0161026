/**
 * The databases that every suite runs on: a SQLite file and a schema of a Postgres server, fresh each time.
 */
import { Archive, type ArchiveError } from "@colloquy/archive"
import * as Postgres from "@colloquy/archive/Postgres"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Context, Effect, Layer, Redacted, type Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import "./globalSetup.ts"

export type Client = Layer.Layer<SqlClient.SqlClient, SqlError.SqlError>

export interface Database {
  readonly name: "SQLite" | "Postgres"
  /** Makes a place that nothing was in before, gone with the scope: each layer of it is another connection. */
  readonly fresh: Effect.Effect<Client, never, Scope.Scope>
}

/** A file in a folder that is removed with the scope. */
export const file: Effect.Effect<string, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "colloquy-archive-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => join(folder, "archive.db")
)

let names = 0

/** The URL of a schema of its own on a server, which is made; it goes with the server. */
export const schemaUrl = (url: string): Effect.Effect<string> =>
  Effect.gen(function* () {
    const name = `test_${process.pid}_${++names}`
    yield* SqlClient.SqlClient.use((sql) => sql.unsafe(`CREATE SCHEMA ${name}`)).pipe(
      Effect.provide(Postgres.layer({ url: Redacted.make(url) })),
      Effect.orDie
    )
    return `${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`
  })

/** The URL of a database of its own on a server, for tests that look at the server's locks; it goes with the server. */
export const databaseUrl = (url: string): Effect.Effect<string> =>
  Effect.gen(function* () {
    const name = `test_${process.pid}_${++names}`
    yield* SqlClient.SqlClient.use((sql) => sql.unsafe(`CREATE DATABASE ${name}`)).pipe(
      Effect.provide(Postgres.layer({ url: Redacted.make(url) })),
      Effect.orDie
    )
    const own = new URL(url)
    own.pathname = name
    return own.href
  })

/** A schema of its own on a server, made by the first that connects; it goes with the server. */
export const schema = (url: string): Effect.Effect<Client> =>
  Effect.sync(() => {
    const name = `test_${process.pid}_${++names}`
    const client = Postgres.layer({
      url: Redacted.make(`${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`)
    })
    const made = SqlClient.SqlClient.use((sql) => sql.unsafe(`CREATE SCHEMA IF NOT EXISTS ${name}`)).pipe(
      // Another was first.
      Effect.ignore
    )
    return Layer.provideMerge(Layer.effectDiscard(made), client)
  })

export const sqlite: Database = {
  name: "SQLite",
  fresh: Effect.map(file, (filename) => Sqlite.layer({ filename }))
}
export const postgres: Database = {
  name: "Postgres",
  fresh: Effect.suspend(() => schema(inject("postgres").url))
}
/** SQLite without a file, for properties: many are opened in a second. */
export const memory: Database = {
  name: "SQLite",
  fresh: Effect.succeed(Sqlite.layer({ filename: ":memory:" }))
}
export const databases: ReadonlyArray<Database> = [sqlite, postgres]

/** An archive in a database, and its client for looking underneath. */
export type Opened = Context.Context<Archive | SqlClient.SqlClient>

/** Opens an archive in a place: another connection each time. */
export const open = (client: Client): Effect.Effect<Opened, ArchiveError.ArchiveError, Scope.Scope> =>
  Layer.build(Layer.fresh(Layer.merge(Archive.over(client), Layer.orDie(client))))

/**
 * The archive without its locks. A lock can be lost, with a connection to Postgres for one, so what is promised of two
 * writers must hold without.
 */
export const withoutLocks = (opened: Opened): Opened => {
  const archive = Context.get(opened, Archive)
  const runs = {
    ...archive.runs,
    exclusively: <A, E, R>(_: unknown, effect: Effect.Effect<A, E, R>) => effect
  }
  return Context.add(opened, Archive, { ...archive, runs })
}

/** The same, for one that cannot be opened. */
export const unopened = (
  client: Client
): Effect.Effect<ArchiveError.ArchiveError, Context.Context<Archive>, Scope.Scope> =>
  Effect.flip(Layer.build(Layer.fresh(Archive.over(client))))

/** Runs on an archive that is empty at first. */
export const onFresh =
  ({ fresh }: Database) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.flatMap(Effect.flatMap(fresh, open), (opened) => Effect.provide(effect, opened))
