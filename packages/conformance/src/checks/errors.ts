/**
 * Errors: what an answer means.
 */
import { ErrorTable } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import * as Check from "../Check.ts"
import type { KnownAnswer, Subject } from "../Subject.ts"

const statusesOf = ({ status }: KnownAnswer): ReadonlyArray<number> =>
  typeof status === "number" ? [status] : status

/** What every vendor's statuses mean, whatever came with them. */
const byStatus: ReadonlyArray<KnownAnswer> = [400, 401, 402, 403, 404, 408, 410, 422, 429, 500, 503].flatMap(
  (status) =>
    [undefined, [], {}].map((body) => ({
      status,
      body,
      means: ErrorTable.meaningOfStatus(status) ?? "success"
    }))
)

const meaningOf = ({ errors }: Subject, status: number, body: unknown): string =>
  ErrorTable.classify(errors, { status, body, retryAfter: null }, (text) => text)?._tag ?? "success"

export const errorTable = Check.make("errorTable", (subject) =>
  Effect.sync(() => {
    for (const answer of [...byStatus, ...subject.answers]) {
      for (const status of statusesOf(answer)) {
        const found = meaningOf(subject, status, answer.body)
        if (found !== answer.means) {
          return `status ${status} with ${JSON.stringify(answer.body)} means ${found}, not ${answer.means}`
        }
      }
    }
    return undefined
  })
)

export const errorCodes = Check.make("errorCodes", ({ answers, errors }) =>
  Effect.sync(() => {
    const known = new Set(
      answers.flatMap((answer) =>
        statusesOf(answer).map((status) => errors.read(answer.body, status)?.code ?? "")
      )
    )
    const missing = Object.keys(errors.codes).filter((code) => !known.has(code))
    return missing.length === 0 ? undefined : `no answer is known with ${missing.join(", ")}`
  })
)
