/**
 * OpenCopilot's errors: `{error, message}` where the documents show any. Its lists are bare arrays, so an object with
 * such a message is an error even with status 200.
 */
import { ErrorTable } from "@colloquy/core/vendor"

/** OpenCopilot's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: {},
  read: (body) => ErrorTable.readMessage(body)
}
