/**
 * Checks of options. An error names the option, the values that it may have, and the value that it had.
 *
 * Types do not exclude `NaN`, fractions or negative numbers, and values from flags or files have no types at
 * all. A function that takes options checks them first.
 *
 * **Example** (A function that refuses what it cannot do)
 *
 * ```ts
 * import { Check } from "@colloquy/core/vendor"
 * import { type Duration, Effect } from "effect"
 *
 * export const poll = Effect.fnUntraced(function* (options: { parallel?: number; every?: Duration.Input }) {
 *   const parallel = yield* Check.wholeNumber("parallel", options.parallel ?? 4, { least: 1, most: 64 })
 *   const every = yield* Check.duration("every", options.every ?? "1 minute", { least: "1 second" })
 *   return { parallel, every }
 * })
 * ```
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { InvalidRequest } from "./SourceError.ts"

/** The bounds of a number. */
export interface Bounds {
  /** Default 0. */
  readonly least?: number | undefined
  /** Default: no bound. */
  readonly most?: number | undefined
}

/** Returns a whole number within bounds unchanged; fails with `InvalidRequest` for any other value. */
export const wholeNumber = (
  name: string,
  value: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: Bounds = {}
): Effect.Effect<number, InvalidRequest> => {
  const problem = wholeNumberProblem(name, value, { least, most })
  return problem === undefined ? Effect.succeed(value) : Effect.fail(problem)
}

/** The same check without an effect: the error, or undefined for a valid number. */
export const wholeNumberProblem = (
  name: string,
  value: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: Bounds = {}
): InvalidRequest | undefined =>
  Number.isSafeInteger(value) && value >= least && value <= most
    ? undefined
    : refusal(name, `a whole number${range(least, most)}`, value)

/** A fraction from 0 to 1; fails with `InvalidRequest` for any other value. */
export const share = (name: string, value: number): Effect.Effect<number, InvalidRequest> =>
  value >= 0 && value <= 1 ? Effect.succeed(value) : refuse(name, "a number from 0 to 1", value)

/** The bounds of a duration. */
export interface DurationBounds {
  /** Default zero. */
  readonly least?: Duration.Input | undefined
}

/**
 * A duration that is not below its bound; infinite durations are valid. Fails with `InvalidRequest` for any
 * other value.
 */
export const duration = (
  name: string,
  input: Duration.Input,
  { least = Duration.zero }: DurationBounds = {}
): Effect.Effect<Duration.Duration, InvalidRequest> => {
  const bound = Duration.fromInputUnsafe(least)
  const given = holdsNaN(input) ? Option.none() : Duration.fromInput(input)
  return Option.isSome(given) && Duration.isGreaterThanOrEqualTo(given.value, bound)
    ? Effect.succeed(given.value)
    : refuse(name, `a duration of ${Duration.format(bound)} or more`, input)
}

/** `Duration` reads `NaN` as zero. */
const holdsNaN = (input: Duration.Input): boolean => {
  if (typeof input !== "object" || input === null || Duration.isDuration(input)) return Number.isNaN(input)
  return Object.values(input).some((part) => Number.isNaN(part))
}

const range = (least: number, most: number): string =>
  most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`

const refusal = (name: string, right: string, value: unknown): InvalidRequest =>
  InvalidRequest.refuse(`${name} must be ${right}; got ${Inspectable.toStringUnknown(value, 0)}`)

const refuse = (name: string, right: string, value: unknown): Effect.Effect<never, InvalidRequest> =>
  Effect.fail(refusal(name, right, value))
