/**
 * The engine: serves vendors' APIs from rows in memory, with faults on request, and defines emulations.
 */
export { type Answer, type Api, type ApiRequest, type Failure, ok, statusOf } from "./Api.ts"
export * as Assumption from "./Assumption.ts"
export * as Dialogue from "./Dialogue.ts"
export * as Emulation from "./Emulation.ts"
export * as Faults from "./Faults.ts"
export * as Fixtures from "./Fixtures.ts"
export * as FromDefinition from "./FromDefinition.ts"
export * as IdCodec from "./IdCodec.ts"
export * as Paging from "./Paging.ts"
export * as Random from "./Random.ts"
export * as RequestLog from "./RequestLog.ts"
export * as Rows from "./Rows.ts"
export * as Server from "./Server.ts"
export * as SimulatedVendor from "./SimulatedVendor.ts"
export * as Testing from "./Testing.ts"
export * as Texts from "./Texts.ts"
