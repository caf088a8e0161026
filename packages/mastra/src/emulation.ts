/**
 * Mastra's emulation, from its definition. What a real server does is tried on a real server.
 */
import { type Api, FromDefinition, statusOf } from "@colloquy/engine"
import { Mastra } from "./Mastra.ts"

const failure: Api["failure"] = (failure, error) => ({ status: statusOf[failure], body: { error } })

/** Mastra's emulation. */
export const emulation = FromDefinition.tried(Mastra, {
  source: FromDefinition.sourceOf(Mastra.definition, "Mastra", {}),
  failure
})
