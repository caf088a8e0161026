/**
 * Assumptions: what a vendor's documents leave open, and how an emulation decides it.
 *
 * **Example** (An assumption of one vendor, and one that several share)
 *
 * ```ts
 * import { Assumption } from "@colloquy/engine"
 *
 * export const envelope = Assumption.make("acmeEnvelope", "How Acme wraps a list.", ["array", "data"])
 * export const assumptions = [envelope, Assumption.pastTheEnd] as const
 * ```
 */

/** The value of an assumption. */
export type Value = string | number | boolean | null

/** One point that the documents leave open. Callers choose a value by the name; the first value is the default. */
export interface Assumption<out Name extends string = string, out A extends Value = Value> {
  readonly name: Name
  /** What is not documented, in one sentence. */
  readonly description: string
  readonly values: readonly [A, ...ReadonlyArray<A>]
}

/** Makes an assumption. The first value should be the nearest to what the documents show. */
export const make = <const Name extends string, const A extends Value>(
  name: Name,
  description: string,
  values: readonly [A, ...ReadonlyArray<A>]
): Assumption<Name, A> => ({ name, description, values })

/** The chosen values of these assumptions, by name. */
export type Choices<A extends Assumption> = { readonly [Each in A as Each["name"]]: Each["values"][number] }

/** Gives the value of an assumption. */
export type Assumed = <A extends Value>(assumption: Assumption<string, A>) => A

/**
 * Gives values by these choices; the default for an assumption without a choice, or with one that is not among its
 * values.
 */
export const assumed =
  (choices: { readonly [name: string]: unknown }): Assumed =>
  ({ name, values }) => {
    const chosen = values.find((value) => value === choices[name])
    return chosen === undefined ? values[0] : chosen
  }

// ---------------------------------------------------------------------------------------------------------------
// Assumptions that vendors share
// ---------------------------------------------------------------------------------------------------------------

/** What a vendor answers to a page past the end. */
export const pastTheEnd = make("pastTheEnd", "What the answer to a page past the end is.", [
  "empty",
  "notFound",
  "badRequest"
])

/** What a vendor does with a page size above its maximum. */
export const overMaximum = make("overMaximum", "What is done with a page size above the maximum.", [
  "clamp",
  "error"
])
