/**
 * A source in memory: what a program that reads sources is tested with.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Page } from "../model/Page.ts"
import { NotFound, type Reason, SourceError } from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { SourceService } from "./Source.ts"

/** A message in memory: what is left out is "none", and an id is made of its place. */
export interface MemoryMessage
  extends
    Pick<Message, "role" | "text">,
    Partial<Omit<Message, "vendor" | "account" | "conversationId" | "role" | "text">> {}

/** A conversation in memory, with its messages in their order. */
export interface MemoryConversation extends Partial<Omit<Conversation, "vendor" | "account" | "id">> {
  readonly id: string
  readonly messages: ReadonlyArray<MemoryMessage>
}

/** Whose conversations they are, and how they are paged. */
export interface MemoryOptions {
  /** Default `memory`. */
  readonly vendor?: string | undefined
  /** Default `default`. */
  readonly account?: string | undefined
  /** Rows in a page. Default 100. */
  readonly pageSize?: number | undefined
}

/** A source of these conversations. Each read is a walk that ends on a proof, as a vendor's is. */
export const fromConversations = (
  conversations: ReadonlyArray<MemoryConversation>,
  { account = "default", pageSize = 100, vendor = "memory" }: MemoryOptions = {}
): SourceService => {
  const owner = { vendor, account }
  const strategy = Pagination.cursor({ size: pageSize, tokensStandForRows: true })
  const walk = <A extends { readonly id: string }>(
    rows: ReadonlyArray<A>,
    operation: string,
    read: Pagination.ReadOptions
  ) =>
    Pagination.pages(
      strategy,
      ({ cursor, size }) => Effect.succeed(pageAt(rows, Number(cursor), size ?? pageSize)),
      {
        ...read,
        identity: operation,
        key: ({ id }) => id
      }
    ).pipe(Stream.mapError((reason) => failed(owner, operation, reason)))
  const messagePages: SourceService["messagePages"] = ({ conversationId, ...read }) => {
    const found = conversations.find(({ id }) => id === conversationId)
    if (found === undefined) return Stream.fail(failed(owner, "Memory.messages", notFound))
    const messages = found.messages.map((message, index) => messageOf(owner, conversationId, message, index))
    return walk(messages, `Memory.messages of ${conversationId}`, read)
  }
  const list = conversations.map((each) => conversationOf(owner, each))
  return {
    ...owner,
    listFilter: "{}",
    impersonalExtra: [],
    messageOrder: "oldestFirst",
    messagePages,
    conversationPages: (read = {}): Stream.Stream<Page<Conversation>, SourceError> =>
      walk(list, "Memory.conversations", read)
  }
}

const pageAt = <A>(rows: ReadonlyArray<A>, from: number, size: number) => {
  const next = from + size
  return Pagination.received(rows.slice(from, next), { next: next < rows.length ? next : null })
}

type Owner = Pick<Message, "vendor" | "account">

const failed = (owner: Owner, operation: string, reason: Reason): SourceError =>
  new SourceError({ ...owner, operation, reason })

const notFound = new NotFound({ status: null, code: null, vendorMessage: null })

const messageOf = (owner: Owner, conversationId: string, message: MemoryMessage, index: number): Message => ({
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

const conversationOf = (owner: Owner, { messages, ...conversation }: MemoryConversation): Conversation => ({
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
