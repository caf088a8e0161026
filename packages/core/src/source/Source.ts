/**
 * The service that an application depends on: conversations and messages, whichever vendor is behind it.
 *
 * Vendors' packages make sources as values, `Chatling.source({ chatbotId })` and the like, for programs that read several;
 * and as a layer, `Chatling.layerSource({ chatbotId })`, for programs that read one. A context holds one service under a
 * tag: two layers of {@link Source} merged into one leave only the second, and Effect has no way to refuse it.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Conversation } from "../model/Conversation.ts"
import type { Message } from "../model/Message.ts"
import type { Page } from "../model/Page.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { ReadOptions } from "../walk/Pagination.ts"
import type { SourceError } from "../model/SourceError.ts"
import * as Memory from "./memory.ts"

/** Which messages to read, and how. */
export interface MessagesOptions extends ReadOptions {
  /** The vendor's id of the conversation. */
  readonly conversationId: string
  /**
   * The conversation as the list gave it, if you have it. It tells a source where to look (OpenCopilot's bot id) and
   * how many messages to expect.
   */
  readonly conversation?: Conversation | undefined
}

/** What every source can do. */
export interface SourceService {
  /** The vendor's name in lower case. */
  readonly vendor: string
  /** The name of the credential. */
  readonly account: string
  /**
   * The options that choose what is on the list of conversations (a bot, a span of time), as text: with vendor and account
   * they name the list, and what is concluded from one list is not applied to another.
   */
  readonly listFilter: string
  /**
   * The fields of a conversation's `extra` that are nobody's words and no name: ids, flags, counts, times. What is not among
   * them goes from an archive with a person who is forgotten. Default none.
   */
  readonly impersonalExtra?: ReadonlyArray<string> | undefined
  /** How messages run by their times, where the vendor documents it, else `unknown`. */
  readonly messageOrder: Pagination.Order
  /** The pages of a conversation, oldest message first where the vendor can sort. */
  readonly messagePages: (options: MessagesOptions) => Stream.Stream<Page<Message>, SourceError>
  /** The pages of the list of conversations, in the vendor's order, read by the source's defaults unless told. */
  readonly conversationPages: (options?: ReadOptions) => Stream.Stream<Page<Conversation>, SourceError>
}

/**
 * Any vendor's conversation history.
 *
 * **Example** (Questions that people asked)
 *
 * ```ts
 * import { Source } from "@colloquy/core"
 * import { Stream } from "effect"
 *
 * export const questions = Source.messages({ conversationId: "42" }).pipe(
 *   Stream.filter((message) => message.role === "user")
 * )
 * ```
 */
export class Source extends Context.Service<Source, SourceService>()("@colloquy/core/Source") {
  /**
   * Every message of one conversation, in the listing's order. If the stream ends, it was all of them.
   *
   * Fails with `SourceError`; what was emitted before a failure is good.
   */
  static messages(
    options: Omit<MessagesOptions, "undecodable">
  ): Stream.Stream<Message, SourceError, Source> {
    return Pagination.items(Source.messagePages(options))
  }

  /** The same as pages: each with its checkpoint, and the last with the proof of the end. */
  static messagePages(options: MessagesOptions): Stream.Stream<Page<Message>, SourceError, Source> {
    return Stream.unwrap(Source.useSync((source) => source.messagePages(options)))
  }

  /**
   * The list of conversations as pages, the last with the proof of the end. To read it in another way than by default,
   * call the service's own `conversationPages` with a `ReadOptions`.
   */
  static readonly conversationPages: Stream.Stream<Page<Conversation>, SourceError, Source> = Stream.unwrap(
    Source.useSync((source) => source.conversationPages())
  )

  /** Every conversation of the account, in the vendor's order. If the stream ends, it was all of them. */
  static readonly conversations: Stream.Stream<Conversation, SourceError, Source> = Pagination.items(
    Source.conversationPages
  )

  /**
   * A source of conversations in memory, for tests of a program that reads sources. Each read ends on a proof, as a
   * vendor's does; a conversation that is not there fails with `NotFound`.
   *
   * **Example** (A test's source)
   *
   * ```ts
   * import { Source } from "@colloquy/core"
   *
   * export const source = Source.fromConversations([
   *   { id: "42", messages: [{ role: "user", text: "Where is my order?" }] }
   * ])
   * ```
   */
  static fromConversations(
    conversations: ReadonlyArray<Memory.MemoryConversation>,
    options?: Memory.MemoryOptions
  ): SourceService {
    return Memory.fromConversations(conversations, options)
  }

  /** The same as a layer. */
  static layerConversations(
    conversations: ReadonlyArray<Memory.MemoryConversation>,
    options?: Memory.MemoryOptions
  ): Layer.Layer<Source> {
    return Layer.succeed(Source, Memory.fromConversations(conversations, options))
  }

  /**
   * Every message of every conversation that the source lists, a page at a time, one conversation after the other. Sources
   * are values: merge what you read from several.
   *
   * **Example** (Two vendors in one stream)
   *
   * ```ts
   * import { Botuj } from "@colloquy/botuj"
   * import { Chatling } from "@colloquy/chatling"
   * import { Source } from "@colloquy/core"
   * import { Effect, Stream } from "effect"
   *
   * export const everything = Stream.unwrap(
   *   Effect.gen(function* () {
   *     const botuj = yield* Botuj.source({})
   *     const chatling = yield* Chatling.source({ chatbotId: "123" })
   *     return Stream.merge(Source.history(botuj), Source.history(chatling))
   *   })
   * )
   * ```
   */
  static history(source: SourceService, read: ReadOptions = {}): Stream.Stream<Page<Message>, SourceError> {
    return source.conversationPages(read).pipe(
      Stream.flatMap(({ items }) => Stream.fromArray(items)),
      Stream.flatMap((conversation) =>
        source.messagePages({ conversationId: conversation.id, conversation, ...read })
      )
    )
  }
}
