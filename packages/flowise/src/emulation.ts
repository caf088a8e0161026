/**
 * Flowise's emulation, from its definition.
 */
import { type Api, FromDefinition, statusOf } from "@colloquy/engine"
import { Flowise } from "./Flowise.ts"

const flowId = "demo-flow"

const failure: Api["failure"] = (failure, message) => {
  const statusCode = statusOf[failure]
  return failure === "unauthorized"
    ? { status: statusCode, body: { error: message } }
    : { status: statusCode, body: { statusCode, success: false, message, stack: {} } }
}

/** Flowise's emulation. */
export const emulation = FromDefinition.tried(Flowise, {
  flags: ["--flow", flowId],
  source: FromDefinition.sourceOf(Flowise.definition, "Flowise", { flowId }),
  failure
})
