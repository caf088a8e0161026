/**
 * A list that the vendor does not have: made from the rows of another listing, such as conversations from messages.
 *
 * **Example** (The sessions of a flow, from its messages)
 *
 * ```ts
 * import { Codec, DerivedListing, type Listing } from "@colloquy/core/vendor"
 * import { Schema } from "effect"
 *
 * interface Wire {
 *   readonly sessionId: string
 * }
 * const Session = Schema.Struct({ id: Schema.String, count: Schema.Int })
 *
 * export const sessionsOf = (messages: Listing.Listing<{ readonly flow: string }, Wire, unknown>) =>
 *   DerivedListing.make({
 *     from: messages,
 *     by: ({ sessionId }) => sessionId,
 *     add: (session = { id: "", count: 0 }, { sessionId }) => ({ id: sessionId, count: session.count + 1 }),
 *     codec: Codec.conversations({
 *       vendor: "acme",
 *       operation: "Acme.sessions",
 *       wire: Session,
 *       id: "id",
 *       impersonal: ["count"],
 *       decode: ({ count, id }) => ({ id, messageCount: count }),
 *       encode: ({ id, messageCount }) => ({ id, count: messageCount ?? undefined })
 *     })
 *   })
 * ```
 */
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type * as Page from "../model/Page.ts"
import type { Codec } from "./Codec.ts"
import * as Listing from "./Listing.ts"

/** A derived listing as its author writes it. */
export interface Definition<Params, Wire, Of, Carried, Row, Canonical> {
  /** The listing that is read. */
  readonly from: Listing.Listing<Params, Wire, Of, Carried>
  /** What a row belongs to, such as its session. */
  readonly by: (wire: Wire) => string
  /** The derived row with one more row that belongs to it; undefined if this is the first one. */
  readonly add: (row: Row | undefined, wire: Wire) => Row
  /** Decodes the derived rows. */
  readonly codec: Codec<Row, Canonical>
}

/** A derived listing. */
export interface DerivedListing<Params, out Canonical> {
  /** Chooses its rows by the parameters of the listing that is read. */
  readonly of: (params: Params) => Listing.Chosen<Canonical>
}

/**
 * Makes a derived listing. Call it once, at module level.
 *
 * A walk reads the whole other listing, and then emits one page: the derived rows, in the order in which they were met, with
 * the proof of that listing. So the list is complete if that listing is, and fails as it fails. A row that does not fit its
 * schema always fails the walk, because it could belong to anything. A checkpoint starts it again: the derived rows are in
 * none. It holds all derived rows in memory.
 */
export const make = <Params, Wire, Of, Carried, Row, Canonical, Own extends Codec<Row, Canonical>>(
  definition: Definition<Params, Wire, Of, Carried, Row, Canonical> & { readonly codec: Own }
): DerivedListing<Params, Canonical> & { readonly codec: Own } => {
  const { add, by, codec, from } = definition
  return {
    codec,
    of: (params) => ({
      operation: codec.operation,
      host: from.host,
      pages: (client, { account, conversationId }, read) =>
        Stream.suspend(() => {
          const rows = new Map<string, Row>()
          const place = {
            account,
            conversationId,
            options: {},
            outOfOrder: false,
            carried: codec.carries.start(null)
          }
          return Listing.pages(client, from, params, {
            ...read,
            expectedCount: null,
            // What is read is all there is, and not a conversation that may be unknown.
            isListed: true,
            from: undefined,
            undecodable: "fail"
          }).pipe(
            Stream.map((page) => {
              for (const wire of page.items) rows.set(by(wire), add(rows.get(by(wire)), wire))
              if (page.completion === null) return undefined
              const items = [...rows.values()].map((row, index) => codec.decode(row, { ...place, index }))
              return lastPage(page, page.completion, items, read.from !== undefined)
            }),
            Stream.filter(Predicate.isNotUndefined)
          )
        })
    })
  }
}

/** The only page. The claims of the listing that was read are about its own rows. */
const lastPage = <Canonical>(
  { checkpoint }: Page.Page<unknown>,
  completion: Page.Completion,
  items: ReadonlyArray<Canonical>,
  resumes: boolean
): Page.Page<Canonical> => ({
  items,
  undecodable: [],
  start: 0,
  total: null,
  checkpoint,
  completion: { ...completion, count: items.length, claimed: { total: null, lastPage: null, listed: null } },
  restarted: resumes ? "a derived list is read from its start" : null
})
