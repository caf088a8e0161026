/**
 * Colloquy's archive: conversation history in SQLite or Postgres, kept in sync.
 */
export * from "./Archive.ts"
export * from "./ArchiveError.ts"
export type { Erased } from "./internal/forget.ts"
export type { Forgotten } from "./internal/survey.ts"
export type { Need } from "./internal/need.ts"
export type { Run } from "./internal/runs.ts"
export type { Filter, MessageFilter } from "./internal/query.ts"
export { unlisted } from "./internal/rows.ts"
export type { Record as QuarantinedRecord } from "./internal/quarantine.ts"
export type { ConversationStatus, Standing } from "./internal/status.ts"
export * as Postgres from "./Postgres.ts"
export type { Plan, Reading, Want, Written } from "./Reading.ts"
export * as Sqlite from "./Sqlite.ts"
export * as Sync from "./Sync.ts"
export * from "./SyncReport.ts"
