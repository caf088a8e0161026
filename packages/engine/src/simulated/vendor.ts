/**
 * The simulated vendor: its manners, and conversations that change over time.
 */
import type { Conversation } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { Answer, Failure } from "../Api.ts"
import type { Fault } from "../Faults.ts"
import * as Listing from "./listing.ts"

/** A row of a conversation. `bad` rows cannot be decoded until the schema is corrected. */
export interface Row {
  readonly id: string
  readonly text: string
  /** Its time, in seconds since 1970. */
  readonly at: number
  readonly user?: string
  readonly bad?: boolean
}

/** How the vendor pages, and what its rows contain. */
export interface Manners {
  readonly messages: Listing.Manners
  readonly conversations: Listing.Manners
  /** Rows that the source requests; null if the server chooses. */
  readonly size: number | null
  readonly order: "oldestFirst" | "newestFirst"
  /** Whether the order is documented. */
  readonly orderKnown: boolean
  /** Whether messages have ids; if not, ids are derived from place and content. */
  readonly ids: boolean
  /** Whether messages have a time. */
  readonly times: boolean
  /** What the list of conversations gives. */
  readonly list: "count" | "activity" | "both" | "nothing"
}

/** A request, before it is answered. */
export interface Request {
  /** Its number among all requests, from 1. */
  readonly nth: number
  readonly what: "list" | "messages"
  readonly conversationId: string | null
  /** From 1; for an offset, the page that contains it. */
  readonly page: number
}

export interface SimulatedVendor {
  manners: Manners
  /** The rows of each conversation, oldest first. */
  readonly conversations: Map<string, Array<Row>>
  /** Further fields of a conversation in the list. */
  readonly extras: Map<string, Conversation["extra"]>
  requests: number
  /** The number of requests for messages. */
  asked: number
  /**
   * How a request fails: a failure of the vendor, a fault, a listing that is suddenly empty, or any answer; undefined if
   * it succeeds.
   */
  fails: (request: Request) => Failure | Fault | "nothing" | Answer | undefined
  /** Runs before each answer. */
  before: (request: Request) => Effect.Effect<void>
  /** Whether the schema accepts bad rows. */
  mended: boolean
  /** The number of rows ever added. */
  said: number
  /** The vendor's time, in seconds since 1970; it advances with each row. */
  clock: number
}

/** The manners to set. Manners of a listing at the top level apply to both listings. */
export interface Options
  extends Partial<Omit<Manners, "messages" | "conversations">>, Partial<Listing.Manners> {
  readonly messages?: Partial<Listing.Manners>
  readonly conversations?: Partial<Listing.Manners>
}

/** The default manners: pages of ten, oldest first, ids, times, a total, and a list with counts. */
const mannersOf = (options: Options): Manners => {
  const { conversations, ids, list, messages, order, orderKnown, size, times, ...both } = options
  return {
    messages: { ...Listing.plain, ...both, ...messages },
    conversations: { ...Listing.plain, ...both, ...conversations },
    size: size === undefined ? 10 : size,
    order: order ?? "oldestFirst",
    orderKnown: orderKnown ?? false,
    ids: ids ?? true,
    times: times ?? true,
    list: list ?? "count"
  }
}

/** A year before the clocks of tests begin, so that first rows are not recent. */
const longAgo = -31_536_000

/** Makes a vendor without conversations. */
export const make = (options: Options = {}): SimulatedVendor => ({
  manners: mannersOf(options),
  conversations: new Map(),
  extras: new Map(),
  requests: 0,
  asked: 0,
  fails: () => undefined,
  before: () => Effect.void,
  mended: false,
  said: 0,
  clock: longAgo
})

/** The rows of a conversation, which is created if it does not exist. */
export const rowsOf = (self: SimulatedVendor, id: string): Array<Row> => {
  const rows = self.conversations.get(id) ?? []
  self.conversations.set(id, rows)
  return rows
}

/** Appends rows with distinct texts. */
export const say = (self: SimulatedVendor, id: string, count: number, more: Partial<Row> = {}): void => {
  const rows = rowsOf(self, id)
  for (let at = 0; at < count; at++) {
    self.clock += 1
    self.said += 1
    const { said } = self
    rows.push({ id: `m${said}`, text: `text ${said} of ${id}`, at: self.clock, ...more })
  }
}

export const removeAt = (self: SimulatedVendor, id: string, at: number): Row | undefined =>
  rowsOf(self, id).splice(at, 1)[0]

export const insertAt = (self: SimulatedVendor, id: string, at: number, row: Row): void =>
  void rowsOf(self, id).splice(at, 0, row)

export const editAt = (self: SimulatedVendor, id: string, at: number, change: Partial<Row>): void => {
  const rows = rowsOf(self, id)
  const row = rows[at]
  if (row !== undefined) rows[at] = { ...row, ...change }
}

/** The rows of a conversation in the listing's order. */
export const listed = (self: SimulatedVendor, id: string): ReadonlyArray<Row> => {
  const rows = self.conversations.get(id) ?? []
  return self.manners.order === "oldestFirst" ? rows : rows.toReversed()
}
