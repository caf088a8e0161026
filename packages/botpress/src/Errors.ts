/**
 * Botpress's errors: `{id, code, type, message}`. The type decides.
 *
 * Source: the error types of the API's official client.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isFailure = Schema.is(Wire.Failure)

/** Botpress's error table. Other types say no more than their status. */
export const errors: ErrorTable.ErrorTable = {
  codes: {
    Unknown: "Unavailable",
    Internal: "Unavailable",
    Unauthorized: "Unauthorized",
    Forbidden: "Forbidden",
    PaymentRequired: "QuotaExhausted",
    QuotaExceeded: "QuotaExhausted",
    RateLimited: "RateLimited",
    ResourceNotFound: "NotFound",
    ReferenceNotFound: "NotFound",
    ResourceGone: "NotFound"
  },
  read: (body, status) => {
    if (isFailure(body)) return { code: body.type, message: body.message ?? null }
    return status < 400 ? undefined : ErrorTable.readMessage(body)
  }
}
