/**
 * Intercom's rows.
 */
import { Dialogue, type Emulation, IdCodec, Random, Rows } from "@colloquy/engine"
import type * as Schema from "effect/Schema"
import { mostParts } from "../Listings.ts"
import type * as Wire from "../Wire.ts"

/** A row with fields that no codec reads. */
type Full<Wire> = Wire & { readonly [field: string]: Schema.Json | undefined }

/** Intercom's truth. */
export interface IntercomCorpus extends Emulation.Corpus {
  /** The list's rows, last updated first. */
  readonly conversations: Rows.Rows<Wire.Conversation>
  /** The source, then the parts, oldest first; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<Wire.Message> | undefined
}

/** The distance between the first part ids of conversations. */
const idsApart = 100_000_000

/**
 * Makes the rows. The largest conversation fits into one answer, so that everything can be read; fixtures may have larger
 * ones.
 */
export const make = ({ options, view }: Emulation.CorpusInput): IntercomCorpus => {
  const messages = Math.min(options.messages ?? 120, mostParts)
  const dialogues = Dialogue.make({ ...options, messages }, 6, "user")
  const { seed, length } = dialogues
  const ids = IdCodec.counted(length, 21_000 + Random.below(9000, seed, 6), 7)
  return {
    conversationIds: Rows.map(Rows.range(length), ids.idOf),
    conversations: Rows.reverse(
      Rows.map(Rows.range(length), (index) => conversation(ids.idOf(index), dialogues.at(index)))
    ),
    messages: (conversationId) => {
      const index = ids.indexOf(conversationId)
      if (index === undefined) return undefined
      const dialogue = dialogues.at(index)
      return view({
        length: dialogue.size,
        at: (turn) => (turn === 0 ? source(dialogue) : part(dialogue, turn))
      })
    }
  }
}

const seconds = (millis: number): number => Math.floor(millis / 1000)

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** A text as a body. */
export const html = (text: string): string => `<p>${escaped(text).replaceAll("\n", "<br>")}</p>`

const author = (dialogue: Dialogue.Dialogue, { from }: Dialogue.Turn) => {
  if (from === "user") return { type: "user", id: Random.hex8(dialogue.roll(0, 61)), name: null, email: "" }
  const isBot = dialogue.index % 2 === 0
  return {
    type: isBot ? "bot" : "admin",
    id: isBot ? "278" : "274",
    name: isBot ? "Fin" : "Operator",
    email: ""
  }
}

const source = (dialogue: Dialogue.Dialogue): Full<Wire.Message> => {
  const turn = dialogue.turn(0)
  return {
    created_at: seconds(turn.time),
    type: "conversation",
    id: String(400_000_000 + dialogue.index),
    delivered_as: "customer_initiated",
    subject: "",
    body: html(turn.text),
    author: author(dialogue, turn),
    attachments: [],
    redacted: false
  }
}

/** Some parts say nothing: an assignment. Some are notes. */
const part = (dialogue: Dialogue.Dialogue, index: number): Full<Wire.Message> => {
  const turn = dialogue.turn(index)
  const isSilent = dialogue.roll(index, 62) % 13 === 0
  const isNote = turn.from === "bot" && dialogue.roll(index, 63) % 11 === 0
  const at = seconds(turn.time)
  return {
    type: "conversation_part",
    id: String((dialogue.index + 1) * idsApart + index),
    part_type: isSilent ? "assignment" : isNote ? "note" : "comment",
    body: isSilent ? null : html(turn.text),
    created_at: at,
    updated_at: at,
    notified_at: at,
    author: author(dialogue, turn),
    attachments: [],
    redacted: false
  }
}

const conversation = (id: string, dialogue: Dialogue.Dialogue): Full<Wire.Conversation> => ({
  id,
  title: null,
  created_at: seconds(dialogue.start),
  updated_at: seconds(dialogue.end),
  waiting_since: null,
  snoozed_until: null,
  open: dialogue.roll(0, 64) % 2 === 0,
  state: dialogue.roll(0, 64) % 2 === 0 ? "open" : "closed",
  read: true,
  priority: "not_priority",
  admin_assignee_id: dialogue.index % 3 === 0 ? 274 : null,
  team_assignee_id: null,
  source: dialogue.size === 0 ? null : { type: "conversation", delivered_as: "customer_initiated" },
  statistics: null
})
