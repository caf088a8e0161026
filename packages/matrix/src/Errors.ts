/**
 * Matrix's errors: an object with `errcode`. For a rate limit, `retry_after_ms` says how long it lasts.
 *
 * A room that is not there and one that the account is not in give the same answer, `M_FORBIDDEN`: for this account, neither is
 * there. `M_UNRECOGNIZED` means that the address is not that of a homeserver.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isFailure = Schema.is(Wire.Failure)

/** Matrix's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {
    M_MISSING_TOKEN: "Unauthorized",
    M_UNKNOWN_TOKEN: "Unauthorized",
    M_USER_DEACTIVATED: "Unauthorized",
    M_FORBIDDEN: "NotFound",
    M_NOT_FOUND: "NotFound",
    M_LIMIT_EXCEEDED: "RateLimited",
    M_UNRECOGNIZED: "InvalidRequest"
  },
  waits: [{ field: "retry_after_ms", unit: "millis" }],
  read: (body) =>
    isFailure(body) ? { code: body.errcode, message: body.error ?? null } : ErrorTable.readMessage(body)
}
