/**
 * A source in memory, for tests of programs that read sources.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Page } from "../model/Page.ts"
import { NotFound, type Reason, SourceError } from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { SourceService } from "./Source.ts"

/** A message in memory. Fields left out are "none"; the default id is the message's index. */
export interface MemoryMessage
  extends
    Pick<Message, "role" | "text">,
    Partial<Omit<Message, "vendor" | "account" | "conversationId" | "role" | "text">> {}

/** A conversation in memory, with its messages in order. */
export interface MemoryConversation extends Partial<Omit<Conversation, "vendor" | "account" | "id">> {
  readonly id: string
  readonly messages: ReadonlyArray<MemoryMessage>
}

/** Options of a source in memory. */
export interface MemoryOptions {
  /** Default `memory`. */
  readonly vendor?: string | undefined
  /** Default `default`. */
  readonly account?: string | undefined
  /** Rows per page. Default 100. */
  readonly pageSize?: number | undefined
}

/** Makes a source of these conversations. Each walk ends on a proof, as vendors' walks do. */
export const fromConversations = (
  conversations: ReadonlyArray<MemoryConversation>,
  { account = "default", pageSize = 100, vendor = "memory" }: MemoryOptions = {}
): SourceService => {
  const owner = { vendor, account }
  const strategy = Pagination.cursor({ size: pageSize, tokensStandForRows: true })
  const walk = <A extends { readonly id: string }>(
    rows: ReadonlyArray<A>,
    operation: string,
    conversationId: string | undefined,
    read: Pagination.ReadOptions
  ) =>
    Pagination.pages(
      strategy,
      ({ cursor, size }) => Effect.succeed(pageAt(rows, Number(cursor), size ?? pageSize)),
      {
        ...read,
        identity: JSON.stringify([operation, conversationId]),
        key: ({ id }) => id
      }
    ).pipe(Stream.mapError((reason) => failed(owner, operation, conversationId, reason)))
  const messagePages: SourceService["messagePages"] = ({ conversationId, ...read }) => {
    const found = conversations.find(({ id }) => id === conversationId)
    if (found === undefined) return Stream.fail(failed(owner, "Memory.messages", conversationId, notFound))
    return walk(messagesOf(owner, found), "Memory.messages", conversationId, read)
  }
  const list = conversations.map((each) => conversationOf(owner, each))
  return {
    ...owner,
    listFilter: "{}",
    impersonalExtra: [],
    messageOrder: "oldestFirst",
    messagePages,
    conversationPages: (read = {}): Stream.Stream<Page<Conversation>, SourceError> =>
      walk(list, "Memory.conversations", undefined, read)
  }
}

const pageAt = <A>(rows: ReadonlyArray<A>, from: number, size: number) => {
  const next = from + size
  return Pagination.received(rows.slice(from, next), { next: next < rows.length ? next : null })
}

/** Whose conversations these are. */
export type Owner = Pick<Message, "vendor" | "account">

const failed = (
  owner: Owner,
  operation: string,
  conversationId: string | undefined,
  reason: Reason
): SourceError =>
  new SourceError({
    ...owner,
    ...(conversationId === undefined ? {} : { conversationId }),
    operation,
    reason
  })

const notFound = new NotFound({ status: null, code: null, vendorMessage: null })

/** The canonical messages of a conversation in memory. */
export const messagesOf = (owner: Owner, { id, messages }: MemoryConversation): ReadonlyArray<Message> =>
  messages.map((message, index) => messageOf(owner, id, message, index))

/** The canonical message at an index. */
export const messageOf = (
  owner: Owner,
  conversationId: string,
  message: MemoryMessage,
  index: number
): Message => ({
  ...owner,
  conversationId,
  id: String(index),
  idOrigin: "vendor",
  position: index,
  createdAt: null,
  parentId: null,
  userId: null,
  kind: null,
  citations: [],
  attachments: [],
  feedback: null,
  extra: {},
  ...message
})

/** The canonical conversation; its count is that of its messages, unless it says another. */
export const conversationOf = (
  owner: Owner,
  { messages, ...conversation }: MemoryConversation
): Conversation => ({
  ...owner,
  createdAt: null,
  updatedAt: null,
  channel: null,
  status: null,
  summary: null,
  classification: null,
  assignee: null,
  handoff: null,
  sentiment: null,
  messageCount: messages.length,
  extra: {},
  ...conversation
})
