/**
 * Flowise's conversation history as typed, complete, ordered streams.
 */
export * as Codecs from "./Codecs.ts"
export { errors } from "./Errors.ts"
export { Flowise, type Options } from "./Flowise.ts"
export * as Listings from "./Listings.ts"
export * as Wire from "./Wire.ts"
