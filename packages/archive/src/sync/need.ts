/**
 * Decides whether a conversation must be read, from what is known before any request for it.
 */
import type { Conversation } from "@colloquy/core"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { isAsListed, leastOf, type ReadState } from "../store/checkpoints.ts"

/** What to do with a conversation: nothing (`skip`), read what is new (`incremental`), or read all of it (`full`). */
export type Need = "skip" | "incremental" | "full"

/** The rest of what the decision depends on. */
export interface Given {
  readonly full: boolean | undefined
  readonly lookback: Duration.Input | undefined
  /** A conversation that was read in this run or a later one is not read again without a reason. */
  readonly from: number
  readonly now: DateTime.Utc
}

/** After this many full reads with fewer messages than the list's count, the count is ignored. */
const shortRuns = 2

/** What a conversation needs. */
export const of = (conversation: Conversation, state: ReadState | undefined, given: Given): Need => {
  if (state === undefined || state.reading === 0) return "incremental"
  const settled = state.finished && state.failure === null
  const { from, full = false, lookback } = given
  const isDoubted =
    state.finished && (state.doubted || (state.capped === null && isShort(conversation, state)))
  const whole = full || isDoubted || (lookback !== undefined && isActive(conversation, lookback, given.now))
  if (whole && !(settled && isOf(state.wholeRun, from))) return "full"
  if (!settled) return "incremental"
  return (isUnchanged(conversation, state) ?? isOf(state.readRun, from)) ? "skip" : "incremental"
}

const isOf = (run: number | null, from: number): boolean => run !== null && run >= from

/** Whether the vendor's list shows no change; undefined if it has neither count nor activity. */
const isUnchanged = (conversation: Conversation, state: ReadState): boolean | undefined =>
  conversation.messageCount === null && conversation.updatedAt === null
    ? undefined
    : isAsListed(conversation, state) && !wasActiveMeanwhile(state)

/** Tolerance for coarse vendor times, and for a vendor's clock that is behind ours. */
const coarse = "2 minutes"

/** Whether it was read while it was active: a message that came right after the read may have the known time. */
const wasActiveMeanwhile = ({ begunAt, listedActive }: ReadState): boolean =>
  Option.getOrElse(
    Option.zipWith(timeOf(listedActive), timeOf(begunAt), (active, begun) =>
      DateTime.isLessThan(begun, DateTime.addDuration(active, coarse))
    ),
    () => false
  )

const timeOf = (time: string | null) => Option.flatMap(Option.fromNullOr(time), DateTime.make)

/** Whether the list counts more than is known, unless enough full reads have shown that the count is wrong. */
const isShort = (conversation: Conversation, state: ReadState): boolean =>
  isAsListed(conversation, state) && leastOf(conversation) > state.counted && state.shortRuns < shortRuns

/** Whether it may have been active within the time. If its activity is unknown, it may. */
const isActive = ({ updatedAt }: Conversation, lookback: Duration.Input, now: DateTime.Utc): boolean => {
  const from = DateTime.subtractDuration(now, lookback)
  const active = timeOf(updatedAt)
  return Option.isNone(active) || DateTime.isGreaterThanOrEqualTo(active.value, from)
}
