/**
 * Botpress's emulation, from its definition.
 */
import { type Api, FromDefinition, statusOf } from "@colloquy/engine"
import { Botpress } from "./Botpress.ts"

const botId = "demo-bot"

const types: Readonly<Record<keyof typeof statusOf, string>> = {
  unauthorized: "Unauthorized",
  notFound: "ResourceNotFound",
  badRequest: "InvalidQuery",
  rateLimited: "RateLimited",
  internal: "Internal",
  unavailable: "Internal"
}

const failure: Api["failure"] = (failure, message) => {
  const status = statusOf[failure]
  return { status, body: { id: `err_${status}`, code: status, type: types[failure], message } }
}

/** Botpress's emulation. */
export const emulation = FromDefinition.tried(Botpress, {
  flags: ["--bot", botId],
  source: FromDefinition.sourceOf(Botpress.definition, "Botpress", { botId }),
  failure
})
