/**
 * GPTBots' conversation history as typed, complete, ordered streams.
 */
export * as Codecs from "./Codecs.ts"
export { errors } from "./Errors.ts"
export { type Endpoint, Gptbots, type Options } from "./Gptbots.ts"
export * as Listings from "./Listings.ts"
export * as Wire from "./Wire.ts"
