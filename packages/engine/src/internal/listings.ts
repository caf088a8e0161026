/**
 * The listings of a vendor's definition, as they are served.
 */
import type { Conversation, Message } from "@colloquy/core"
import { Listing, type Vendor } from "@colloquy/core/vendor"
import type * as Headers from "effect/http/Headers"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Encoders from "./encoders.ts"

/** The rows that a listing has. */
export type RowsOf =
  | { readonly of: "messages"; readonly encoder: Encoders.Encoder<Message> }
  | { readonly of: "conversations"; readonly encoder: Encoders.Encoder<Conversation> }

/** What a definition says of a listing. */
export interface Facts {
  readonly operation: string
  readonly path: string
  readonly paging: Listing.Paging
  readonly isPost: boolean
  readonly isNewestFirst: boolean
  /** The id of a row, as text; undefined for listings without ids. */
  readonly key: ((row: unknown) => string | undefined) | undefined
  /** The row for which a token stands that follows it; undefined where tokens stand for places. */
  readonly rowOfToken: ((row: unknown) => string | undefined) | undefined
  readonly pastEndCode: string | undefined
  /** The names of the parameters, of a query or a body, that hold the slots of a page request. */
  readonly slots: ReadonlyMap<Listing.Slot, string>
  /**
   * The names of the parameters, of a query or a body, that hold the conversation's id. If none is known to: of those that a
   * source's options and the conversation choose.
   */
  readonly choices: ReadonlyArray<string>
  /** Whether an unknown conversation has no rows, instead of being unknown. */
  readonly unknownIsEmpty: boolean
  readonly render: (rows: ReadonlyArray<unknown>, claims: Listing.Claims) => unknown
  /** The number of rows that a reader finds in an answer. */
  readonly read: (body: unknown, headers: Headers.Headers) => number | undefined
}

/** A listing as it is served. */
export interface Served extends Facts {
  readonly rows: RowsOf
  /** Whether a request without one of its choices is for the rows of all: a list is derived from them. */
  readonly servesAll: boolean
}

/** The listings that a vendor's service reads; `options` are those of its source. */
export const facts = (
  { service }: Pick<Vendor.Any["definition"], "service">,
  options?: unknown
): ReadonlyArray<Facts> => {
  const listings: Array<Facts> = []
  const read: Vendor.Read = (listing) => {
    listings.push(factsOf(listing, options))
    return { pages: () => Stream.empty, items: () => Stream.empty }
  }
  service(read)
  return listings
}

/** The same with their rows, as they are served. */
export const make = (
  definition: Pick<Vendor.Any["definition"], "service">,
  encoders: Encoders.Encoders,
  options: unknown
): ReadonlyArray<Served> => {
  const all = facts(definition, options)
  const isDerived = !all.some(({ operation }) => rowsOf(encoders, operation)?.of === "conversations")
  return all.flatMap((each) => {
    const rows = rowsOf(encoders, each.operation)
    return rows === undefined ? [] : [{ ...each, rows, servesAll: isDerived && rows.of === "messages" }]
  })
}

const rowsOf = ({ conversations, messages }: Encoders.Encoders, operation: string): RowsOf | undefined => {
  const said = Encoders.ofOperation(messages, operation)
  if (said !== undefined) return { of: "messages", encoder: said }
  const listed = Encoders.ofOperation(conversations, operation)
  return listed === undefined ? undefined : { of: "conversations", encoder: listed }
}

/** Whether a path is the listing's. */
export const hasPath = ({ path }: Facts, segments: ReadonlyArray<string>): boolean =>
  Listing.paramsIn(path, segments) !== undefined

const factsOf = <Params, Wire, Canonical, Carried>(
  listing: Listing.Listing<Params, Wire, Canonical, Carried>,
  options: unknown
): Facts => {
  const { body, codec, envelope, order, paging, pastEndCode, path, query, unknownIsEmpty = false } = listing
  const params: Readonly<Record<string, unknown>> = { ...query, ...body }
  return {
    operation: codec.operation,
    path,
    paging,
    pastEndCode,
    unknownIsEmpty,
    key: codec.key,
    rowOfToken: paging.tokensStandForRows === true ? codec.key : undefined,
    isPost: body !== undefined,
    isNewestFirst: given(order, options) === "newestFirst",
    slots: slotsOf(params),
    choices: choicesOf(params, options),
    render: (rows, claims) => Listing.render(listing, rows, claims),
    read: (body, headers) => envelope(body, headers)?.rows.length
  }
}

const slotsOf = (params: Readonly<Record<string, unknown>>): Served["slots"] => {
  const slots = new Map<Listing.Slot, string>()
  for (const [name, slot] of Object.entries(params)) if (isSlot(slot)) slots.set(slot, name)
  return slots
}

const isSlot = (slot: unknown): slot is Listing.Slot => Predicate.isString(slot)

const choicesOf = (params: Readonly<Record<string, unknown>>, options: unknown): Facts["choices"] => {
  const asked = { ...(Predicate.isObject(options) ? options : {}), conversationId: "an id of a conversation" }
  const chosen = Object.keys(params).filter((name) => Predicate.isFunction(params[name]))
  const known = chosen.filter((name) => given(params[name], asked) === asked.conversationId)
  return known.length > 0 ? known : chosen
}

/** What a function of a listing's parameters gives; undefined if it needs others than these. */
const given = (choose: unknown, params: unknown): unknown => {
  if (!Predicate.isFunction(choose)) return undefined
  const answer: Result.Result<unknown, unknown> = Result.try(() =>
    Reflect.apply(choose, undefined, [params ?? {}])
  )
  return Result.getOrUndefined(answer)
}
