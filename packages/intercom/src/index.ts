/**
 * Intercom's conversation history as typed, complete, ordered streams.
 */
export { Intercom, type Options } from "./Intercom.ts"
export * as Codecs from "./Codecs.ts"
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export * as Wire from "./Wire.ts"
