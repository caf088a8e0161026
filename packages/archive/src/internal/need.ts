/**
 * Whether a conversation has to be read, judged by what is known before any request for it.
 */
import type { Conversation } from "@colloquy/core"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type { State } from "./checkpoints.ts"

/** What a conversation needs: nothing, a look at what is new, or to be read whole. */
export type Need = "nothing" | "new" | "whole"

/** What the judgement rests on beside the conversation. */
export interface Given {
  readonly full: boolean | undefined
  readonly lookback: Duration.Input | undefined
  /** A conversation that was read in this run, by its number, or a later one needs no other reading for its own sake. */
  readonly from: number
  readonly now: DateTime.Utc
}

/** Runs in which a conversation is read whole, and comes short of what the list counts, before the list is disbelieved. */
const shortRuns = 2

/** What a conversation needs. */
export const of = (conversation: Conversation, state: State | undefined, given: Given): Need => {
  if (state === undefined || state.reading === 0) return "new"
  const settled = state.finished === 1 && state.failure === null
  const { from, full = false, lookback } = given
  const isDoubted = state.finished === 1 && (state.suspected > 0 || isShort(conversation, state))
  const whole = full || isDoubted || (lookback !== undefined && isActive(conversation, lookback, given.now))
  if (whole && !(settled && isOf(state.whole_run, from))) return "whole"
  if (!settled) return "new"
  return (isUnchanged(conversation, state) ?? isOf(state.read_run, from)) ? "nothing" : "new"
}

const isOf = (run: number | null, from: number): boolean => run !== null && run >= from

/** Whether nothing has happened, by the vendor's list; undefined if it tells neither count nor activity. */
const isUnchanged = (conversation: Conversation, state: State): boolean | undefined =>
  conversation.messageCount === null && conversation.updatedAt === null
    ? undefined
    : isAsListed(conversation, state) && !wasActiveMeanwhile(state)

/** How coarse a vendor's times may be, and how far its clock behind ours. */
const coarse = "2 minutes"

/** Whether it was read while it was active: a message that came right after it may have the time that was known. */
const wasActiveMeanwhile = ({ begun_at, listed_active }: State): boolean =>
  Option.getOrElse(
    Option.zipWith(timeOf(listed_active), timeOf(begun_at), (active, begun) =>
      DateTime.isLessThan(begun, DateTime.addDuration(active, coarse))
    ),
    () => false
  )

const timeOf = (time: string | null) => Option.flatMap(Option.fromNullOr(time), DateTime.make)

/** How many messages there are at least, by the vendor's list: what was active has one. */
export const leastOf = ({ messageCount, updatedAt }: Conversation): number =>
  messageCount ?? (updatedAt === null ? 0 : 1)

/** Whether the list still says as much as when the conversation was last read. */
export const isAsListed = (
  { messageCount, updatedAt }: Conversation,
  { listed_active, listed_count }: State
): boolean => messageCount === listed_count && updatedAt === listed_active

/** Whether the list still has more than is known, and reading whole has not shown often enough that it is wrong. */
const isShort = (conversation: Conversation, state: State): boolean =>
  isAsListed(conversation, state) && leastOf(conversation) > state.counted && state.short_runs < shortRuns

/** Whether it may have been active within the time; one whose activity is not known may. */
const isActive = ({ updatedAt }: Conversation, lookback: Duration.Input, now: DateTime.Utc): boolean => {
  const from = DateTime.subtractDuration(now, lookback)
  const active = timeOf(updatedAt)
  return Option.isNone(active) || DateTime.isGreaterThanOrEqualTo(active.value, from)
}
