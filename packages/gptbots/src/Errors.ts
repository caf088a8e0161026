/**
 * GPTBots' errors: `{code, message}` with any HTTP status, 200 included; a code of 0 is a success.
 *
 * Sources: "Get Conversation Detail" for 40000, 40005, 40127, 40356 and 20059; the vendor's other pages and public
 * clients for the rest.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isFailure = Schema.is(Wire.Failure)

/** "Page number exceeds total": the code for a page past the end. */
export const pastEndCode = "40005"

const codes = {
  "20022": "QuotaExhausted",
  "20055": "Forbidden",
  "20059": "NotFound",
  "40000": "InvalidRequest",
  [pastEndCode]: "InvalidRequest",
  "40008": "RateLimited",
  "40127": "Unauthorized",
  "40353": "Forbidden",
  "40356": "NotFound",
  "40358": "InvalidRequest",
  "40378": "NotFound",
  "40379": "QuotaExhausted",
  "50000": "Unavailable"
} satisfies ErrorTable.ErrorTable["codes"]

/** GPTBots' error table. */
export const errors: ErrorTable.ErrorTable = {
  codes,
  read: (body, status) => {
    if (!isFailure(body)) return status < 400 ? undefined : ErrorTable.readMessage(body)
    const code = String(body.code)
    return code === "0" && status < 400 ? undefined : { code, message: body.message ?? null }
  }
}
