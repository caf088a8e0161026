/**
 * Serves a vendor's API from rows in memory, misbehaving on request.
 */
export { type Answer, type Api, type Ask, type Failure, ok, statusOf } from "./Api.ts"
export * as Faults from "./Faults.ts"
export * as Paging from "./Paging.ts"
export * as Random from "./Random.ts"
export * as RequestLog from "./RequestLog.ts"
export * as Rows from "./Rows.ts"
export * as Server from "./Server.ts"
export * as SimulatedVendor from "./SimulatedVendor.ts"
