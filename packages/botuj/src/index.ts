/**
 * Botuj's conversation history as typed, complete, ordered streams.
 */
export { baseUrl, Botuj, type BotujService, type SourceOptions, tokenVariable } from "./Botuj.ts"
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export * as Mapping from "./Mapping.ts"
export * as Wire from "./Wire.ts"
