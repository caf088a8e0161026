/**
 * The conversations behind all vendors' rows, in no vendor's shape: who said what, when.
 */
import * as Random from "./Random.ts"
import * as Texts from "./Texts.ts"

/** The size and seed of a corpus. */
export interface CorpusOptions {
  /** The same seed always gives the same rows. Default 1. */
  readonly seed?: number | undefined
  /** Conversations per vendor. Default 12. */
  readonly conversations?: number | undefined
  /** Messages in the largest conversation. Default 120. */
  readonly messages?: number | undefined
}

/** One message. */
export interface Turn {
  readonly index: number
  readonly from: "user" | "bot"
  readonly text: string
  /** Epoch milliseconds; never earlier than the turn before. */
  readonly time: number
}

/** One conversation. */
export interface Dialogue {
  readonly index: number
  readonly size: number
  readonly start: number
  /** Epoch milliseconds of the last turn, or of the start if there is none. */
  readonly end: number
  readonly turn: (index: number) => Turn
  /** A seeded number for a turn and a purpose. */
  readonly roll: (index: number, purpose: number) => number
}

/** All conversations of one vendor, oldest first. */
export interface Dialogues {
  readonly seed: number
  readonly length: number
  readonly at: (index: number) => Dialogue
  readonly size: (index: number) => number
  readonly start: (index: number) => number
}

/** The index of the conversation with only "ok" as text. */
export const okConversation = 1
/** The index of the conversation with an id that must be percent-encoded. */
export const oddConversation = 2

const firstStart = 1_704_103_200_000
const startsWithin = 300 * 86_400_000
const longest = 150 * 86_400_000

/** Makes the conversations of one vendor. `salt` makes vendors differ. */
export const make = (options: CorpusOptions, salt: number, opensWith: "user" | "bot"): Dialogues => {
  const { seed = 1 } = options
  const length = whole(options.conversations, 12)
  const largest = whole(options.messages, 120)
  const gap = Math.max(1, Math.min(5 * 3_600_000, Math.floor(startsWithin / Math.max(1, length))))
  const size = (index: number) => sizeOf(index, largest, Random.fraction(seed, salt, index, 0))
  const start = (index: number) => firstStart + index * gap + Random.below(gap, seed, salt, index, 1)
  return {
    seed,
    length,
    size,
    start,
    at: (index) => dialogue({ seed, salt, opensWith, index, size: size(index), start: start(index) })
  }
}

const whole = (value: number | undefined, otherwise: number): number =>
  value === undefined || !(value >= 0) ? otherwise : Math.floor(value)

/** The first sizes test how readers find an end; the others range from 1 to the largest. */
const sizeOf = (index: number, largest: number, fraction: number): number => {
  const wanted = [largest, 115, 15, 0, 1, 100, 50, 30][index]
  const size = wanted ?? Math.floor(Math.exp(fraction * Math.log(largest + 1)))
  return Math.min(size, largest)
}

interface Facts {
  readonly seed: number
  readonly salt: number
  readonly opensWith: "user" | "bot"
  readonly index: number
  readonly size: number
  readonly start: number
}

const dialogue = (facts: Facts): Dialogue => {
  const { seed, salt, index, size, start } = facts
  const roll = (turn: number, purpose: number) => Random.hash(seed, salt, index, turn, purpose)
  const step = Math.max(1, Math.min(37_000, Math.floor(longest / Math.max(1, size))))
  // Four per second in the "ok" conversation; elsewhere at random within the turn's share of time.
  const time = (turn: number) =>
    index === okConversation
      ? start - (start % 1000) + Math.floor(turn / 4) * 1000
      : start + turn * step + (roll(turn, 1) % step)
  const text = textOf(facts, roll)
  return {
    index,
    size,
    start,
    end: size === 0 ? start : time(size - 1),
    roll,
    turn: (turn) => ({ index: turn, from: fromOf(facts, turn), text: text(turn), time: time(turn) })
  }
}

const fromOf = ({ index, opensWith }: Facts, turn: number): Turn["from"] =>
  index === okConversation || (turn % 2 === 0) === (opensWith === "user") ? "user" : "bot"

/** If the bot opens, it greets first. Then questions and answers alternate. */
const textOf =
  ({ index, opensWith }: Facts, roll: (turn: number, purpose: number) => number) =>
  (turn: number): string => {
    if (index === okConversation) return "ok"
    const greeting = opensWith === "bot" ? 1 : 0
    if (turn < greeting) return Texts.greetings[roll(0, 2) % Texts.greetings.length] ?? ""
    const pair = Math.floor((turn - greeting) / 2)
    const topic = Texts.topics[roll(pair, 3) % Texts.topics.length]
    if (topic === undefined) return ""
    const isQuestion = (turn - greeting) % 2 === 0
    return Texts.fill(
      isQuestion ? topic.question : topic.answer,
      roll(pair, 4) % 90_000_000,
      roll(pair, 5) % 9
    )
  }
