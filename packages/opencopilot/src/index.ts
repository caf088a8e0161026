/**
 * OpenCopilot's conversation history as typed, complete, ordered streams.
 */
export { errors } from "./Errors.ts"
export * as Listings from "./Listings.ts"
export * as Mapping from "./Mapping.ts"
export {
  baseUrl,
  baseUrlV2,
  OpenCopilot,
  type OpenCopilotService,
  type SourceOptions,
  tokenVariable
} from "./OpenCopilot.ts"
export * as Wire from "./Wire.ts"
