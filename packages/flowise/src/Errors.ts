/**
 * Flowise's errors: an object with a message, or with an `error`. It has no codes.
 *
 * A flow that is not there, or is another workspace's, is a 500 whose message ends in `Unauthorized access`: a mistake of who
 * asks, which waiting does not cure. A refused token is a 401.
 */
import { ErrorTable } from "@colloquy/core/vendor"

const noFlow = "Unauthorized access"

/** Flowise's error table. */
export const errors: ErrorTable.ErrorTable = {
  codes: { [noFlow]: "NotFound" },
  read: (body, status) => {
    const error = ErrorTable.readMessage(body)
    return status === 500 && error?.message?.endsWith(noFlow) === true ? { ...error, code: noFlow } : error
  }
}
