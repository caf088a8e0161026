/**
 * Chatling's errors: `{status: "error", message}` with any HTTP status, 200 included. There are no codes. The one
 * documented message serves as a code.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isFailure = Schema.is(Wire.Failure)

const codes = {
  "Too many requests": "RateLimited"
} satisfies ErrorTable.ErrorTable["codes"]

/** Chatling's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes,
  read: (body, status) => {
    if (!isFailure(body)) return status < 400 ? undefined : ErrorTable.readMessage(body)
    const message = body.message ?? null
    return { code: message !== null && Object.hasOwn(codes, message) ? message : null, message }
  }
}
