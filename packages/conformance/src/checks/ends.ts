/**
 * Ends: what is no end of a listing.
 */
import type { Answer } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf, Subject } from "../Subject.ts"

/** Enough for several pages of both listings. */
const setting = { conversations: 45, messages: 60 }
const pageSize = 10

/** Reads both listings of a source with this answer in place of the nth one. */
const withAnswer = (
  source: SourceOf,
  nth: number,
  answer: Answer,
  judge: (
    exit: Exit.Exit<ReadonlyArray<object>, Stage.Failure>,
    truth: ReadonlyArray<object>
  ) => string | undefined
) =>
  Stage.first(Stage.whats, (what) =>
    Effect.gen(function* () {
      const reply = (sent: Stage.Sent) => (sent.nth === nth ? answer : undefined)
      const stage = yield* Stage.open(source, { ...setting, reply })
      const listed = Stage.listing(stage, what)
      const exit = yield* Stage.read(stage, listed.read, { pageSize })
      // A listing that comes in one answer has no second one.
      if (stage.sent.length < nth) return undefined
      const where = `${what}, with ${JSON.stringify(answer.body)} in place of page ${nth}`
      return Stage.within(where, judge(exit, listed.truth()))
    })
  )

// ---------------------------------------------------------------------------------------------------------------
// Without a list
// ---------------------------------------------------------------------------------------------------------------

/** Bodies that are no list of any vendor. */
const noLists: ReadonlyArray<unknown> = [{}, null, 7, "rows"]

/** An answer without its first list: the list left out, null, and an object in its place. */
const withoutList = (body: unknown): ReadonlyArray<unknown> => {
  if (!Predicate.isObject(body) || Array.isArray(body)) return []
  const { ...fields }: Readonly<Record<string, unknown>> = body
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) {
      const { [name]: _, ...rest } = fields
      return [rest, { ...fields, [name]: null }, { ...fields, [name]: {} }]
    }
    const within = withoutList(value)
    if (within.length > 0) return within.map((each) => Object.assign({}, fields, { [name]: each }))
  }
  return []
}

export const absentList = Check.ofSources("absentList", (source, { notLists }) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, setting)
    const answers = yield* Stage.answers(stage, { pageSize })
    const bodies = [...noLists, ...notLists, ...answers.flatMap(withoutList)]
    return yield* Stage.first([1, 2], (nth) =>
      Stage.first(bodies, (body) =>
        withAnswer(source, nth, { status: 200, body }, (exit) => {
          const tag = Stage.reasonOf(exit)?._tag
          return tag === "InvalidResponse" ? undefined : Stage.shown(exit)
        })
      )
    )
  })
)

// ---------------------------------------------------------------------------------------------------------------
// Errors inside a 200
// ---------------------------------------------------------------------------------------------------------------

/** The known errors inside a 200, each code once, and whether they mean a page past the end. */
const errorsInside = ({ answers, errors, listings }: Subject) => {
  const pastEnd = new Set([...listings.values()].map(({ pastEndCode }) => pastEndCode))
  const bodies = answers.flatMap(({ body, means, status }) => {
    const statuses = typeof status === "number" ? [status] : status
    return means !== "success" && statuses.includes(200) ? [body] : []
  })
  const codeOf = (body: unknown) => errors.read(body, 200)?.code ?? JSON.stringify(body)
  return [...new Map(bodies.map((body) => [codeOf(body), body]))].map(([code, body]) => ({
    body,
    isPastEnd: pastEnd.has(code)
  }))
}

export const errorInside200 = Check.ofSources("errorInside200", (source, subject) =>
  Stage.first(errorsInside(subject), ({ body, isPastEnd }) =>
    // On a first page the documented end means that there is nothing.
    Stage.first(isPastEnd ? [2] : [1, 2], (nth) =>
      withAnswer(source, nth, { status: 200, body }, (exit, truth) =>
        Exit.isFailure(exit) ? undefined : Stage.difference(exit.value, truth)
      )
    )
  )
)
