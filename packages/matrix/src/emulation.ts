/**
 * Matrix's emulation, from its definition.
 */
import { type Api, FromDefinition, statusOf } from "@colloquy/engine"
import { Matrix } from "./Matrix.ts"

const codes: Readonly<Record<keyof typeof statusOf, string>> = {
  unauthorized: "M_UNKNOWN_TOKEN",
  notFound: "M_FORBIDDEN",
  badRequest: "M_INVALID_PARAM",
  rateLimited: "M_LIMIT_EXCEEDED",
  internal: "M_UNKNOWN",
  unavailable: "M_UNKNOWN"
}

const failure: Api["failure"] = (failure, error) => ({
  status: failure === "notFound" ? 403 : statusOf[failure],
  body: { errcode: codes[failure], error }
})

/** Matrix's emulation. */
export const emulation = FromDefinition.tried(Matrix, {
  source: FromDefinition.sourceOf(Matrix.definition, "Matrix", {}),
  failure
})
