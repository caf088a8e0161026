/**
 * GPTBots' conversation history as typed, complete, ordered streams.
 */
export { errors, pastEndCode } from "./Errors.ts"
export {
  baseUrlOf,
  defaultEndpoint,
  Gptbots,
  type GptbotsService,
  type Options,
  type SourceOptions,
  tokenVariable
} from "./Gptbots.ts"
export * as Listings from "./Listings.ts"
export * as Mapping from "./Mapping.ts"
export * as Wire from "./Wire.ts"
