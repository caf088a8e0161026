/**
 * OpenCopilot's rows.
 */
import { Timestamp } from "@colloquy/core/vendor"
import { Dialogue, type Emulation, IdCodec, Random, Rows } from "@colloquy/engine"
import type * as Wire from "../Wire.ts"
import { opencopilotSpelling } from "./assumptions.ts"

/** The one organization. */
export const organizationId = "demo-organization"
/** The one bot. */
export const botId = "demo-bot"

/** OpenCopilot's truth. */
export interface OpenCopilotCorpus extends Emulation.Corpus {
  readonly organizationId: string
  readonly botId: string
  /** The v1 list's rows, newest first as in the documented example. */
  readonly conversations: Rows.Rows<Wire.Conversation>
  /** The v2 list's rows by `created_at`, oldest first. The ids are those of the v1 list. */
  readonly organizationConversations: Rows.Rows<Wire.OrganizationConversation>
  /** Oldest first; undefined for an unknown id. */
  readonly messages: (conversationId: string) => Rows.Rows<Wire.Message> | undefined
}

/** Makes the rows. */
export const make = ({ assumed, options, view }: Emulation.CorpusInput): OpenCopilotCorpus => {
  const dialogues = Dialogue.make(options, 1, "bot")
  const { seed, length, start } = dialogues
  const ids = idCodec(seed, length, start)
  const spelling = assumed(opencopilotSpelling)
  const all = Rows.map(Rows.range(length), (index) => dialogues.at(index))
  return {
    organizationId,
    botId,
    conversationIds: Rows.map(Rows.range(length), ids.idOf),
    conversations: Rows.reverse(
      Rows.map(all, (dialogue) => conversation(ids.idOf(dialogue.index), dialogue))
    ),
    organizationConversations: Rows.map(all, (dialogue) =>
      organizationConversation(ids.idOf(dialogue.index), dialogue)
    ),
    messages: (conversationId) => {
      const index = ids.indexOf(conversationId)
      if (index === undefined) return undefined
      const dialogue = dialogues.at(index)
      return view({ length: dialogue.size, at: (turn) => message(dialogue, turn, spelling) })
    }
  }
}

/** Ids such as `web|1704103200|2k`, one with characters that a path cannot hold, and UUIDs. */
const idCodec = (seed: number, length: number, start: (index: number) => number): IdCodec.IdCodec =>
  IdCodec.strict(
    length,
    (index) => {
      const isOdd = index === Dialogue.oddConversation
      if (!isOdd && index % 4 === 3) return Random.uuid(IdCodec.masked(index, seed, 1), seed, index)
      const channel = isOdd ? "wsp/Grüße an 東京" : "web"
      return `${channel}|${Math.floor(start(index) / 1000)}|${index.toString(36)}`
    },
    (id) =>
      id.includes("|")
        ? Number.parseInt(id.slice(id.lastIndexOf("|") + 1), 36)
        : IdCodec.masked(Number.parseInt(id.slice(0, 8), 16), seed, 1)
  )

const message = (
  dialogue: Dialogue.Dialogue,
  index: number,
  spelling: (typeof opencopilotSpelling)["values"][number]
): Wire.Message => {
  const { from, text } = dialogue.turn(index)
  const plain = from === "user" || dialogue.index === Dialogue.okConversation
  const knows = !plain && dialogue.roll(index, 10) % 2 === 0
  const params = dialogue.index !== Dialogue.okConversation && dialogue.roll(index, 11) % 7 === 0
  return {
    action_called: !plain && dialogue.roll(index, 12) % 5 === 0,
    client_extra_params: params ? { plan: "team", page: "/cart", visits: dialogue.roll(index, 13) % 40 } : {},
    from: from === "bot" ? "copilot" : "user",
    ...(spelling === "knowldgebase_called"
      ? { knowldgebase_called: knows }
      : { knowledgebase_called: knows }),
    message: text
  }
}

const isHandoff = (dialogue: Dialogue.Dialogue): boolean => dialogue.roll(0, 14) % 3 === 0

const conversation = (id: string, dialogue: Dialogue.Dialogue): Wire.Conversation => ({
  conversation_id: id,
  created_at: Timestamp.toHttpDate(iso(dialogue.start)),
  handoff_sentiment: null,
  handoff_summary: null,
  was_handoff: isHandoff(dialogue)
})

const pick = (words: ReadonlyArray<string>, roll: number): string => words[roll % words.length] ?? ""

/** `summary` and `handoff_sentiment` are set for conversations that were handed over; `meta` is mostly null. */
const organizationConversation = (id: string, dialogue: Dialogue.Dialogue): Wire.OrganizationConversation => {
  const handoff = isHandoff(dialogue)
  const roll = (purpose: number) => dialogue.roll(0, purpose)
  return {
    id,
    copilot_id: botId,
    created_at: iso(dialogue.start),
    channel: pick(["web", "whatsapp", "email", "phone"], roll(15)),
    summary: handoff ? "The customer asks for a colleague to look at a late delivery." : null,
    classification: pick(["DELIVERY", "REFUND_REQUEST", "BILLING", "OTHER"], roll(16)),
    assignee_id: handoff && roll(17) % 2 === 0 ? String(100 + (roll(18) % 9)) : "copilot",
    handoff,
    handoff_sentiment: handoff ? pick(["neutral", "happy", "angry"], roll(19)) : null,
    status: pick(["OPEN", "RESOLVED", "CLOSED"], roll(20)),
    meta: !handoff && roll(21) % 3 === 0 ? { title: "Chat from the cart page", phoneNumber: null } : null,
    action_called: roll(22) % 4,
    total_messages: dialogue.size
  }
}

const iso = (millis: number): string => Timestamp.fromMillis(millis) ?? ""
