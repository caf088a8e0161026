/**
 * The vendor itself: its manners, and its conversations, whose rows come, change and go.
 */
import type { Conversation } from "@colloquy/core"
import * as Effect from "effect/Effect"
import type { Answer, Failure } from "../Api.ts"
import type { Fault } from "../Faults.ts"
import * as Listing from "./listing.ts"

/** A row of a conversation. `bad` ones cannot be decoded until the schema is mended. */
export interface Row {
  readonly id: string
  readonly text: string
  /** When it came, in seconds since 1970. */
  readonly at: number
  readonly user?: string
  readonly bad?: boolean
}

/** How the vendor pages, and what it tells. */
export interface Manners {
  readonly messages: Listing.Manners
  readonly conversations: Listing.Manners
  /** Rows that the source asks for; null where it leaves the size to the server. */
  readonly size: number | null
  readonly order: "oldestFirst" | "newestFirst"
  /** Whether the vendor's documents tell the order. */
  readonly orderKnown: boolean
  /** Whether messages have ids of the vendor; else they are derived from place and content. */
  readonly ids: boolean
  /** Whether messages have a time. */
  readonly times: boolean
  /** What the list of conversations tells. */
  readonly list: "count" | "activity" | "both" | "nothing"
}

/** A request, before it is answered. */
export interface Request {
  /** Counts from 1, over everything. */
  readonly nth: number
  readonly what: "list" | "messages"
  readonly conversationId: string | null
  /** From 1; of an offset, the page that it lies in. */
  readonly page: number
}

export interface SimulatedVendor {
  manners: Manners
  /** Rows of each conversation, oldest first. */
  readonly conversations: Map<string, Array<Row>>
  /** More of a conversation, as its list gives it. */
  readonly extras: Map<string, Conversation["extra"]>
  requests: number
  /** Requests for messages. */
  asked: number
  /** What a request fails with, if it does: a failure of the vendor's, a fault, or an answer of any kind. */
  fails: (request: Request) => Failure | Fault | Answer | undefined
  /** Runs before a request is answered. */
  before: (request: Request) => Effect.Effect<void>
  /** Whether the schema fits the bad rows by now. */
  mended: boolean
  /** Rows that ever came. */
  said: number
  /** The vendor's time, in seconds since 1970; it moves on with each row. */
  clock: number
}

/** What is given of the manners; those of a listing that stand beside the others are meant for both. */
export interface Options
  extends Partial<Omit<Manners, "messages" | "conversations">>, Partial<Listing.Manners> {
  readonly messages?: Partial<Listing.Manners>
  readonly conversations?: Partial<Listing.Manners>
}

/** The plainest manners: pages of ten, oldest first, ids, times, a total, a list that counts. */
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

/** A year before clocks of tests begin: what is there was not said just now. */
const longAgo = -31_536_000

/** A vendor without conversations. */
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

/** The rows of a conversation, which is there from then on. */
export const rowsOf = (self: SimulatedVendor, id: string): Array<Row> => {
  const rows = self.conversations.get(id) ?? []
  self.conversations.set(id, rows)
  return rows
}

/** Appends rows: their texts say which they are. */
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

/** The rows of a conversation as its listing has them. */
export const listed = (self: SimulatedVendor, id: string): ReadonlyArray<Row> => {
  const rows = self.conversations.get(id) ?? []
  return self.manners.order === "oldestFirst" ? rows : rows.toReversed()
}
