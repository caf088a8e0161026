/**
 * OpenCopilot's errors: `{error, message}` where the vendor shows one at all. Its lists are bare arrays, so that an
 * object with those words is an error even with status 200.
 */
import { ErrorTable } from "@colloquy/core/vendor"

/** OpenCopilot's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body) => ErrorTable.readWords(body)
}
