/**
 * Serves a vendor's API from rows in memory, misbehaving on request; what an emulation of a vendor is.
 */
export { type Answer, type Api, type Ask, type Failure, ok, statusOf } from "./Api.ts"
export * as Assumption from "./Assumption.ts"
export * as Dialogue from "./Dialogue.ts"
export * as Emulation from "./Emulation.ts"
export * as Faults from "./Faults.ts"
export * as IdCodec from "./IdCodec.ts"
export * as Paging from "./Paging.ts"
export * as Random from "./Random.ts"
export * as RequestLog from "./RequestLog.ts"
export * as Rows from "./Rows.ts"
export * as Server from "./Server.ts"
export * as SimulatedVendor from "./SimulatedVendor.ts"
export * as Testing from "./Testing.ts"
export * as Texts from "./Texts.ts"
