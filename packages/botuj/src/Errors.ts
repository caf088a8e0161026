/**
 * Botuj's errors: only the HTTP status is documented. An object with words and no list in it is an error, too.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import { listIn } from "./Listings.ts"

/** Botuj's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body, status) =>
    status < 400 && listIn(body) !== undefined ? undefined : ErrorTable.readWords(body)
}
