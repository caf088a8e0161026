/**
 * Real servers for the conformance kit: how they are installed, started and stopped, and what reads them.
 */
export * as Api from "./Api.ts"
export * as Command from "./Command.ts"
export * as Process from "./Process.ts"
export * as Server from "./Server.ts"
export { servers } from "./servers.ts"
