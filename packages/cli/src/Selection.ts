/**
 * Filters that match nothing. A mistyped name must not look like an archive in which all is well.
 */
import { Archive, type ArchiveError, type Filter } from "@colloquy/archive"
import * as Effect from "effect/Effect"
import { NothingFound, UsageError } from "./Failure.ts"
import * as Invocation from "./Invocation.ts"
import * as Nearest from "./terminal/Nearest.ts"
import * as Vendors from "./Vendors.ts"

/**
 * Says what a filter does not match, or that the archive has nothing at all; undefined if the archive knows what it names.
 * Fails if no vendor is called so, and if nothing matches where a conversation is named or the answer is relied on.
 */
export const unmatched = Effect.fnUntraced(function* (
  filter: Filter,
  isStrict: boolean
): Effect.fn.Return<string | undefined, UsageError | NothingFound | ArchiveError.ArchiveError, Archive> {
  const { account, conversationId, vendor } = filter
  const archive = yield* Archive
  const known = yield* archive.accounts
  if (account === undefined && conversationId === undefined && vendor === undefined) {
    if (known.length > 0) return undefined
    const problem = "the archive has nothing yet: no sync has come to its end"
    return isStrict ? yield* new NothingFound({ problem }) : problem
  }
  if (vendor !== undefined) yield* checkVendor(vendor, new Set(known.map((each) => each.vendor)))
  const isKnown = known.some(
    (each) => (vendor ?? each.vendor) === each.vendor && (account ?? each.account) === each.account
  )
  if (isKnown && (conversationId === undefined || (yield* archive.count(filter)) > 0)) return undefined
  const accounts = known.map((each) => `${each.vendor} ${each.account}`)
  const problem = `nothing in the archive matches ${flagsOf(filter)}; it has ${
    accounts.length === 0 ? "no account yet" : `the accounts ${accounts.join(", ")}`
  }`
  if (isStrict || conversationId !== undefined) return yield* new NothingFound({ problem })
  return problem
})

/** Fails unless a vendor is called so. One that the archive has is one, even if this command does not know it. */
export const checkVendor = Effect.fnUntraced(function* (
  vendor: string,
  archived: ReadonlySet<string>
): Effect.fn.Return<void, UsageError> {
  const all = [...new Set([...Vendors.namesOf(yield* Vendors.All), ...archived])]
  if (all.includes(vendor)) return
  const instead = Nearest.question(vendor, all) || `; there are ${all.join(", ")}`
  return yield* new UsageError({ problem: `no vendor is called "${vendor}"${instead}` })
})

const flagsOf = ({ account, conversationId, vendor }: Filter): string =>
  Object.entries({ vendor, account, conversation: conversationId })
    .flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${Invocation.quoted(value)}`]))
    .join(" ")
