/**
 * Mastra's errors: `{error}`, with `issues` for parameters that do not fit. There are no codes: the status decides.
 */
import { ErrorTable } from "@colloquy/core/vendor"

/** Mastra's error table. */
export const errors: ErrorTable.ErrorTable = { codes: {}, read: ErrorTable.readMessage }
