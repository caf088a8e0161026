/**
 * Chatling's rows.
 */
import { Timestamp } from "@colloquy/core/vendor"
import { Dialogue, type Emulation, IdCodec, Random, Rows, Texts } from "@colloquy/engine"
import type * as Schema from "effect/Schema"
import type * as Wire from "../Wire.ts"
import { chatlingMessageIds } from "./assumptions.ts"

/** The one chatbot. */
export const chatbotId = "demo-chatbot"

/** Chatling's truth. */
export interface ChatlingCorpus extends Emulation.Corpus {
  readonly chatbotId: string
  /** The list's rows, newest first. */
  readonly conversations: Rows.Rows<Wire.Conversation>
  /** One row of the list; undefined for an unknown id. */
  readonly conversation: (conversationId: string) => Wire.Conversation | undefined
  /** Oldest first (`date_asc`); undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<Wire.Message> | undefined
}

/** Messages in a row of the list. */
export const latest = 20

/** Makes the rows. */
export const make = ({ assumed, options, view }: Emulation.CorpusInput): ChatlingCorpus => {
  const dialogues = Dialogue.make(options, 2, "user")
  const { seed, length } = dialogues
  const ids = IdCodec.counted(length, 4_000_000 + Random.below(900_000, seed, 2), 7)
  const withIds = assumed(chatlingMessageIds)
  const messagesOf = (index: number): Rows.Rows<Wire.Message> => {
    const dialogue = dialogues.at(index)
    return { length: dialogue.size, at: (turn) => message(dialogue, turn, withIds) }
  }
  const conversationOf = (index: number): Wire.Conversation => {
    const dialogue = dialogues.at(index)
    const newest = Rows.slice(Rows.reverse(messagesOf(index)), 0, latest)
    return {
      id: ids.idOf(index),
      contact_id: Random.uuid(dialogue.roll(0, 30), seed, index),
      important: dialogue.roll(0, 31) % 5 === 0 ? 1 : 0,
      archived: dialogue.roll(0, 32) % 4 === 0 ? 1 : 0,
      created_at: iso(dialogue.start),
      messages: newest.map(asJson)
    }
  }
  const indexed = <A>(id: string, f: (index: number) => A): A | undefined => {
    const index = ids.indexOf(id)
    return index === undefined ? undefined : f(index)
  }
  return {
    chatbotId,
    conversationIds: Rows.map(Rows.range(length), ids.idOf),
    conversations: Rows.reverse(Rows.map(Rows.range(length), conversationOf)),
    conversation: (id) => indexed(id, conversationOf),
    messages: (id) => indexed(id, (index) => view(messagesOf(index)))
  }
}

/** A row inside another row is plain JSON. */
const asJson = (row: Wire.Message): Schema.JsonObject => ({ ...row })

/** A bot's rows have `is_ai_kb_response` and `data`; a user's rows have neither. */
const message = (dialogue: Dialogue.Dialogue, index: number, withIds: boolean): Wire.Message => {
  const { from, text, time } = dialogue.turn(index)
  const id = withIds ? { id: `${Random.hex8(dialogue.index)}${Random.hex8(index)}` } : {}
  if (from === "user") return { ...id, text, role: "user", created_at: iso(time) }
  return {
    ...id,
    text,
    role: "bot",
    is_ai_kb_response: dialogue.roll(index, 33) % 6 !== 0,
    data: {
      helpful_value: helpful[dialogue.roll(index, 34) % helpful.length] ?? null,
      sources: citations(dialogue, index)
    },
    created_at: iso(time)
  }
}

const helpful: ReadonlyArray<string | null> = [null, null, null, null, "1", "0"]

type Citation = { readonly type: string; readonly title: string; readonly url?: string }

/** Up to three sources; those of type `document` have no `url`. */
const citations = (dialogue: Dialogue.Dialogue, index: number): ReadonlyArray<Citation> => {
  const roll = dialogue.roll(index, 35)
  return Array.from({ length: roll % 4 }, (_, place): Citation => {
    const source = Texts.sources[(roll + place) % Texts.sources.length]
    const title = source?.title ?? ""
    return title.endsWith(".pdf")
      ? { type: "document", title }
      : { type: "webpage", title, url: `https://help.example.com/${source?.path ?? ""}` }
  })
}

/** A time in seconds, with a numeric zone. */
const iso = (millis: number): string => `${(Timestamp.fromMillis(millis) ?? "").slice(0, 19)}+00:00`
