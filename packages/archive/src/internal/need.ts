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
  /** A conversation that was read since then was read by this run, unless the list tells of news. */
  readonly since: string
  readonly now: DateTime.Utc
}

/** What a conversation needs. */
export const of = (conversation: Conversation, state: State | undefined, given: Given): Need => {
  if (state === undefined || state.reading === 0) return "new"
  const settled = state.finished === 1 && state.failure === null
  const { full = false, lookback } = given
  const whole = full || (lookback !== undefined && isActive(conversation, lookback, given.now))
  if (whole && !(settled && isSince(state.whole_at, given.since))) return "whole"
  if (!settled) return "new"
  return (isUnchanged(conversation, state) ?? isSince(state.read_at, given.since)) ? "nothing" : "new"
}

const isSince = (at: string | null, since: string): boolean => at !== null && at > since

/** Whether nothing has happened, by the vendor's list; undefined if it tells neither count nor activity. */
const isUnchanged = ({ messageCount, updatedAt }: Conversation, state: State): boolean | undefined =>
  messageCount === null && updatedAt === null
    ? undefined
    : messageCount === state.listed_count && updatedAt === state.listed_active

/** Whether it may have been active within the time; one whose activity is not known may. */
const isActive = ({ updatedAt }: Conversation, lookback: Duration.Input, now: DateTime.Utc): boolean => {
  const from = DateTime.subtractDuration(now, lookback)
  const active = Option.flatMap(Option.fromNullOr(updatedAt), DateTime.make)
  return Option.isNone(active) || DateTime.isGreaterThanOrEqualTo(active.value, from)
}
