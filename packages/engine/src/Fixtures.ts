/**
 * Conversations that a test gives, as a vendor's rows.
 *
 * **Example** (The rows of a vendor whose messages have an id and a text)
 *
 * ```ts
 * import type { Emulation, Fixtures } from "@colloquy/engine"
 *
 * export const corpus = ({ conversationIds, conversations, messages }: Fixtures.Given): Emulation.Corpus => ({
 *   conversationIds,
 *   conversations: conversations(({ id }) => ({ id })),
 *   messages: messages(({ id, text }) => ({ id, text }))
 * })
 * ```
 */
import type { Conversation, MemoryConversation, Message } from "@colloquy/core"
import { type Codec, Memory } from "@colloquy/core/vendor"
import type * as Schema from "effect/Schema"
import * as Rows from "./Rows.ts"

/** Conversations with their messages, both oldest first; what `Source.fromConversations` takes. */
export type Fixtures = ReadonlyArray<MemoryConversation>

/** The conversations, for a vendor to make its rows of. */
export interface Given {
  /** Oldest first. */
  readonly conversationIds: Rows.Rows<string>
  /** A row for each conversation, oldest first; the function has its messages, too. */
  readonly conversations: <A>(
    row: (conversation: Conversation, messages: ReadonlyArray<Message>) => A
  ) => Rows.Rows<A>
  /** The rows of a conversation's messages, oldest first; undefined for an unknown id. */
  readonly messages: <A>(row: (message: Message) => A) => (conversationId: string) => Rows.Rows<A> | undefined
}

/** Completes fixtures with what they leave out. `view` applies the faults `insert`, `append` and `remove`. */
export const make = (
  vendor: string,
  fixtures: Fixtures,
  view: <A>(rows: Rows.Rows<A>) => Rows.Rows<A>
): Given => {
  const owner = { vendor, account: "default" }
  const all = fixtures.map((each) => ({
    conversation: Memory.conversationOf(owner, each),
    messages: Memory.messagesOf(owner, each)
  }))
  return {
    conversationIds: Rows.fromArray(all.map(({ conversation }) => conversation.id)),
    conversations: (row) =>
      Rows.fromArray(all.map(({ conversation, messages }) => row(conversation, messages))),
    messages: (row) => {
      // All at once: a row that does not fit is told when the emulation starts.
      const rows = new Map(all.map(({ conversation, messages }) => [conversation.id, messages.map(row)]))
      return (conversationId) => {
        const own = rows.get(conversationId)
        if (own === undefined) return undefined
        const more = (index: number) =>
          row(Memory.messageOf(owner, conversationId, { role: "user", text: `Message ${index}` }, index))
        return view({ length: own.length, at: (index) => own[index] ?? more(index) })
      }
    }
  }
}

/** A row that fits the wire schema of a codec. Throws otherwise: a fixture that a vendor cannot have is a mistake. */
export const fitting = <Wire>(
  { operation, row }: Pick<Codec.Codec<Wire, unknown, never>, "operation" | "row">,
  json: Schema.JsonObject
): Wire => {
  if (row.is(json)) return json
  throw new TypeError(`a fixture cannot be a row of ${operation}: ${row.problem(json)}`)
}
