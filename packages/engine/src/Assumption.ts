/**
 * What a vendor's documents leave open, and how an emulation answers it.
 *
 * **Example** (An unknown of a vendor's own, and one that several vendors share)
 *
 * ```ts
 * import { Assumption } from "@colloquy/engine"
 *
 * export const envelope = Assumption.make("acmeEnvelope", "How Acme wraps a list.", ["array", "data"])
 * export const assumptions = [envelope, Assumption.pastTheEnd] as const
 * ```
 */

/** What can be assumed. */
export type Value = string | number | boolean | null

/** One unknown of the documents. Its name is the key by which callers choose a value; the first value is the default. */
export interface Assumption<out Name extends string = string, out A extends Value = Value> {
  readonly name: Name
  /** One sentence: what is not known. */
  readonly description: string
  readonly values: readonly [A, ...ReadonlyArray<A>]
}

/** An assumption. Put the value first that is nearest to what the documents show. */
export const make = <const Name extends string, const A extends Value>(
  name: Name,
  description: string,
  values: readonly [A, ...ReadonlyArray<A>]
): Assumption<Name, A> => ({ name, description, values })

/** The chosen values of these assumptions, by name. */
export type Choices<A extends Assumption> = { readonly [Each in A as Each["name"]]: Each["values"][number] }

/** Tells what is assumed. */
export type Assumed = <A extends Value>(assumption: Assumption<string, A>) => A

/** What is assumed under these choices: the default where nothing is chosen, or what is not among the values. */
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
