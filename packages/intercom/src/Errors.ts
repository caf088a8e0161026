/**
 * Intercom's errors: `{type: "error.list", errors: [{code, message}]}`. The first one decides.
 *
 * Sources: "Error Codes" and "Rate Limiting" of the REST API reference.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isFailure = Schema.is(Wire.Failure)

/** Intercom's error table. Other codes say no more than their status. */
export const errors: ErrorTable.ErrorTable = {
  codes: {
    unauthorized: "Unauthorized",
    missing_authorization: "Unauthorized",
    token_not_found: "Unauthorized",
    token_expired: "Unauthorized",
    token_revoked: "Unauthorized",
    api_plan_restricted: "Forbidden",
    not_found: "NotFound",
    rate_limit_exceeded: "RateLimited",
    retry_after: "RateLimited"
  },
  read: (body, status) => {
    if (!isFailure(body)) return status < 400 ? undefined : ErrorTable.readMessage(body)
    const [first] = body.errors
    return { code: first?.code ?? null, message: first?.message ?? null }
  },
  waits: [{ header: "X-RateLimit-Reset", unit: "epochSeconds" }]
}
