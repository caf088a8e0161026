/**
 * GPTBots' rows, v1 and v2.
 */
import { Dialogue, type Emulation, IdCodec, Random, Rows } from "@colloquy/engine"
import type * as Schema from "effect/Schema"
import type * as Wire from "../Wire.ts"
import { gptbotsNullFeedback } from "./assumptions.ts"

/** GPTBots' truth. */
export interface GptbotsCorpus extends Emulation.Corpus {
  /** The list's rows, newest first. */
  readonly conversations: Rows.Rows<Wire.Conversation>
  /** v1, oldest first along the chain of parents; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<Wire.Message> | undefined
  /** v2, of the same messages. */
  readonly messagesV2: (conversationId: string) => Rows.Rows<Wire.MessageV2> | undefined
}

/** Makes the rows. */
export const make = ({ assumed, options, view }: Emulation.CorpusInput): GptbotsCorpus => {
  const dialogues = Dialogue.make(options, 4, "bot")
  const { seed, length } = dialogues
  const ids = idCodec(seed, length)
  const noFeedback = assumed(gptbotsNullFeedback)
  const rowsOf =
    <A>(row: (dialogue: Dialogue.Dialogue, index: number) => A) =>
    (id: string): Rows.Rows<A> | undefined => {
      const index = ids.indexOf(id)
      if (index === undefined) return undefined
      const dialogue = dialogues.at(index)
      return view({ length: dialogue.size, at: (turn) => row(dialogue, turn) })
    }
  return {
    conversationIds: Rows.map(Rows.range(length), ids.idOf),
    conversations: Rows.reverse(
      Rows.map(Rows.range(length), (index) => conversation(ids.idOf(index), dialogues.at(index), seed))
    ),
    messages: rowsOf(message),
    messagesV2: rowsOf((dialogue, index) => messageV2(dialogue, index, noFeedback))
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Messages
// ---------------------------------------------------------------------------------------------------------------

const idOf = (dialogue: Dialogue.Dialogue, index: number): string =>
  `${Random.hex8(Random.hash(dialogue.start, 50) | 0x40000000)}${Random.hex8(dialogue.index)}${Random.hex8(index)}`

const parentOf = (dialogue: Dialogue.Dialogue, index: number): string =>
  index === 0 ? "" : idOf(dialogue, index - 1)

/** About every fourth row has the time of the row before. */
const timeOf = (dialogue: Dialogue.Dialogue, index: number): number =>
  dialogue.turn(index > 0 && dialogue.roll(index, 51) % 4 === 0 ? index - 1 : index).time

const message = (dialogue: Dialogue.Dialogue, index: number): Wire.Message => {
  const { from, text } = dialogue.turn(index)
  return {
    message_id: idOf(dialogue, index),
    parent_message_id: parentOf(dialogue, index),
    message_type: from === "bot" ? "ANSWER" : "QUESTION",
    text,
    create_time: timeOf(dialogue, index)
  }
}

const messageV2 = (dialogue: Dialogue.Dialogue, index: number, noFeedback: string | null): Wire.MessageV2 => {
  const { from, text } = dialogue.turn(index)
  const parts = [{ type: "text", text }, ...files(dialogue, index, from)]
  const feedback = feedbacks[dialogue.roll(index, 52) % 8]
  return {
    message_id: idOf(dialogue, index),
    parent_message_id: parentOf(dialogue, index),
    role: from === "bot" ? "assistant" : "user",
    // A user's branch has no name, an ordinary agent's has an empty one.
    content: [{ ...(from === "bot" ? { from_component_branch: "" } : {}), branch_content: parts }],
    create_time: timeOf(dialogue, index),
    feedback: feedback ?? noFeedback
  }
}

const feedbacks: ReadonlyArray<string> = ["POSITIVE", "NEGATIVE"]

/** An occasional file next to the text: users send images and documents, agents send documents and audio. */
const files = (
  dialogue: Dialogue.Dialogue,
  index: number,
  from: Dialogue.Turn["from"]
): ReadonlyArray<Schema.JsonObject> => {
  const roll = dialogue.roll(index, 53) % 10
  const url = (name: string) => `https://files.example.com/${idOf(dialogue, index)}/${name}`
  if (from === "user" && roll === 0) {
    return [
      { type: "image", image: [{ url: url("photo.png"), format: "png", name: "photo.png", size: 48_213 }] }
    ]
  }
  if (from === "user" && roll === 1) {
    const file = { url: url("invoice.pdf"), format: "pdf", name: "invoice.pdf", size: 99_120 }
    return [{ type: "document", document: [file] }]
  }
  if (from === "bot" && roll === 0) {
    return [{ type: "document", document: [{ url: url("form.pdf"), format: "pdf", name: "form.pdf" }] }]
  }
  if (from === "bot" && roll === 1) {
    return [{ type: "audio", audio: [{ url: url("reply.mp3"), transcript: "the same, read aloud" }] }]
  }
  return []
}

// ---------------------------------------------------------------------------------------------------------------
// Conversations
// ---------------------------------------------------------------------------------------------------------------

/** Either of the two documented forms: 24 hexadecimal digits, or 20 letters and digits. */
const idCodec = (seed: number, length: number): IdCodec.IdCodec =>
  IdCodec.strict(
    length,
    (index) => {
      const mask = IdCodec.masked(index, seed, 4)
      const noise = Random.hash(seed, index, 5)
      if (index % 2 === 0)
        return `64${Random.hex8(noise).slice(2)}${Random.hex8(noise ^ mask)}${Random.hex8(mask)}`
      const letters = `${noise.toString(36)}${Random.hash(seed, index, 6).toString(36)}`.padEnd(13, "q")
      return `${upper(letters.slice(0, 13))}${mask.toString(36).padStart(7, "0")}`
    },
    (id) =>
      IdCodec.masked(
        id.length === 24 ? Number.parseInt(id.slice(16), 16) : Number.parseInt(id.slice(13), 36),
        seed,
        4
      )
  )

/** Changes every second letter to upper case. */
const upper = (text: string): string =>
  text.replaceAll(/(.)(.)/g, (_, a: string, b: string) => `${a.toUpperCase()}${b}`)

const types: ReadonlyArray<string> = ["API", "WIDGET", "WHATSAPP_META", "TELEGRAM"]

const conversation = (id: string, dialogue: Dialogue.Dialogue, seed: number): Wire.Conversation => ({
  conversation_id: id,
  user_id: `user-${dialogue.roll(0, 54) % 5}`,
  recent_chat_time: dialogue.end,
  subject: dialogue.size === 0 ? "" : dialogue.turn(0).text,
  conversation_type: types[dialogue.roll(0, 55) % types.length] ?? "API",
  message_count: dialogue.size,
  cost_credit: (dialogue.roll(0, 56) % 4000) / 100,
  bot_id: Random.uuid(Random.hash(seed, 57), seed, 57).replaceAll("-", "").slice(0, 24),
  anonymous_id: Random.uuid(dialogue.roll(0, 58), seed, dialogue.index)
})
