/**
 * Botuj's errors. Only the HTTP status is documented. An object with a message and without a list is also an error.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import { listIn } from "./Listings.ts"

/** Botuj's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body, status) =>
    status < 400 && listIn(body) !== undefined ? undefined : ErrorTable.readMessage(body)
}
