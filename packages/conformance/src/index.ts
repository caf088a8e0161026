/**
 * The conformance kit: a Vitest suite for any vendor, in memory or against a real server.
 */
export * as Conformance from "./Conformance.ts"
export type {
  LiveReading,
  LiveServer,
  LiveSizes,
  LiveSource,
  Wanted,
  Written,
  WrittenMessage
} from "./live/LiveServer.ts"
export { liveRules, Rule, rules, Violation } from "./Rules.ts"
export type { Given, KnownAnswer, RowsOf } from "./Subject.ts"
