/**
 * LangGraph's errors: plain text, or a list of issues with a request. There are no codes: the status decides.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.ts"

const isRefusal = Schema.is(Wire.Refusal)

/** LangGraph's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body) =>
    isRefusal(body)
      ? { code: null, message: body.error.issues.map(({ message }) => message).join("; ") }
      : ErrorTable.readMessage(body)
}
