/**
 * OpenCopilot's conversation history as typed, complete, ordered streams.
 */
export * as Codecs from "./Codecs.ts"
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export { OpenCopilot, type Options } from "./OpenCopilot.ts"
export * as Wire from "./Wire.ts"
