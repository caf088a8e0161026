/**
 * Chatling's conversation history as typed, complete, ordered streams.
 */
export {
  baseUrl,
  Chatling,
  type ChatlingService,
  rateLimit,
  type SourceOptions,
  tokenVariable
} from "./Chatling.ts"
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export * as Mapping from "./Mapping.ts"
export * as Wire from "./Wire.ts"
