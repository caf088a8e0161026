/**
 * Botuj's rows.
 */
import { Timestamp } from "@colloquy/core/vendor"
import { Dialogue, type Emulation, IdCodec, Random, Rows } from "@colloquy/engine"
import type * as Wire from "../Wire.ts"

/** Botuj's truth. */
export interface BotujCorpus extends Emulation.Corpus {
  /** The list's rows, newest first. */
  readonly conversations: Rows.Rows<Wire.Conversation>
  /** Oldest first; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<Wire.Message> | undefined
}

/**
 * The distance between the first message ids of conversations. Ids within a conversation are consecutive and never
 * reach the next one's.
 */
const idsApart = 100_000_000
const firstId = 10_000

/** Makes the rows. */
export const make = ({ options, view }: Emulation.CorpusInput): BotujCorpus => {
  const dialogues = Dialogue.make(options, 3, "user")
  const { seed, length } = dialogues
  const ids = IdCodec.counted(length, 7000 + Random.below(900, seed, 3), 3)
  const userOf = (index: number) => Random.uuid(Random.hash(seed, index, 40), seed, index)
  return {
    conversationIds: Rows.map(Rows.range(length), ids.idOf),
    conversations: Rows.reverse(
      Rows.map(Rows.range(length), (index) =>
        conversation(Number(ids.idOf(index)), userOf(index), dialogues.at(index))
      )
    ),
    messages: (conversationId) => {
      const index = ids.indexOf(conversationId)
      if (index === undefined) return undefined
      const dialogue = dialogues.at(index)
      const userId = userOf(index)
      return view({ length: dialogue.size, at: (turn) => message(dialogue, userId, turn) })
    }
  }
}

const message = (dialogue: Dialogue.Dialogue, userId: string, index: number): Wire.Message => {
  const { from, text, time } = dialogue.turn(index)
  return {
    id: firstId + dialogue.index * idsApart + index,
    message: text,
    userId,
    isUser: from === "user",
    type: "freeshot",
    createdOn: iso(time, dialogue.roll(index, 41) % 1000)
  }
}

/** `firstBotMessage` is JSON inside a string. Both first messages are `""` if there is none. */
const conversation = (id: number, userId: string, dialogue: Dialogue.Dialogue): Wire.Conversation => {
  const turns = Array.from({ length: Math.min(2, dialogue.size) }, (_, index) => dialogue.turn(index))
  const said = (from: Dialogue.Turn["from"]) => turns.find((turn) => turn.from === from)?.text
  const bot = said("bot")
  return {
    id,
    type: "freeshot",
    count: dialogue.size,
    sessionid: `bt-${userId}`,
    firstUserMessage: said("user") ?? "",
    firstBotMessage: bot === undefined ? "" : JSON.stringify({ message: bot }),
    createdOn: iso(dialogue.start, dialogue.roll(0, 42) % 1000)
  }
}

/** A time with microseconds. */
const iso = (millis: number, micros: number): string =>
  `${(Timestamp.fromMillis(millis) ?? "").slice(0, 23)}${String(micros).padStart(3, "0")}Z`
