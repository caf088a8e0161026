/**
 * The four vendors' APIs as documented, over a socket or in-process, misbehaving on request.
 */
export * as Corpus from "./Corpus.ts"
export { Emulator, type EmulatorService, type Options } from "./Emulator.ts"
export { EmulatorServer, type ServerOptions } from "./EmulatorServer.ts"
export * as Faults from "./Faults.ts"
export type { RequestRecord } from "./internal/requestLog.ts"
export * as Readings from "./Readings.ts"
export * as Rows from "./Rows.ts"
