/**
 * Colloquy's archive: conversation history in SQLite or Postgres, kept in sync.
 *
 * Each database has its own entry point, so that only one is loaded: `@colloquy/archive/Sqlite` needs `node:sqlite`,
 * `@colloquy/archive/Postgres` does not.
 */
export * from "./Archive.ts"
export * as ArchiveError from "./ArchiveError.ts"
export type { Named } from "./database/database.ts"
export * as Erasures from "./erasing/Erasures.ts"
export * as Quarantine from "./quarantine/Quarantine.ts"
export * as Status from "./status/Status.ts"
export type { Filter, MessageFilter } from "./store/filter.ts"
export { unlisted } from "./store/rows.ts"
export * as Sync from "./sync/Sync.ts"
export * as ReadSession from "./writing/ReadSession.ts"
export * as Runs from "./writing/Runs.ts"
