/**
 * Matrix's conversation history as typed, complete, ordered streams.
 */
export * as Codecs from "./Codecs.ts"
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export { Matrix, type Options } from "./Matrix.ts"
export * as Wire from "./Wire.ts"
