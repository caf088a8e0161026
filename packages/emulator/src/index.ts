/**
 * The emulator: the vendors' APIs as documented, over a socket or in-process, with faults on request.
 */
export * as Corpus from "./Corpus.ts"
export { type Assumptions, emulations } from "./Emulations.ts"
export { Emulator, type EmulatorService, type Options } from "./Emulator.ts"
export { EmulatorServer, type ServerOptions } from "./EmulatorServer.ts"
export * as Faults from "./Faults.ts"
export type { RequestRecord } from "@colloquy/engine/RequestLog"
export type { Reader } from "@colloquy/engine/Emulation"
export { Emulation, FromDefinition, Rows } from "@colloquy/engine"
