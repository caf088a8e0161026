/**
 * A real server: how it is filled, and how it is read.
 */
import type { Message, SourceError, SourceService } from "@colloquy/core"
import type * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"

/** A message to write. */
export interface Wanted {
  readonly role: "user" | "assistant"
  readonly text: string
}

/** A message as the server has it. */
export interface WrittenMessage extends Pick<Message, "role" | "text"> {
  /** The server's id; undefined if it does not tell one. */
  readonly id?: string | undefined
}

/** A conversation as the server has it. */
export interface Written {
  readonly id: string
  /** Oldest first. */
  readonly messages: ReadonlyArray<WrittenMessage>
}

/** A source that reads the server. */
export type LiveSource = Effect.Effect<SourceService, SourceError | Config.ConfigError, HttpClient.HttpClient>

/** How a source reads. */
export interface LiveReading {
  /** Rows per request. Default: the vendor's. Leave it aside where the server chooses. */
  readonly pageSize?: number | undefined
}

/** A server that runs, and its own API as far as a suite needs it. */
export interface LiveServer<in out E> {
  readonly source: (reading: LiveReading) => LiveSource
  /**
   * Writes a new conversation with these messages, oldest first, and returns what the server has then. A role that the
   * server has no word for comes back as what the vendor's codec makes of it.
   */
  readonly write: (messages: ReadonlyArray<Wanted>) => Effect.Effect<Written, E>
  /** Adds messages at the end of a conversation. Without it, `liveGrowth` is not tried. */
  readonly append?:
    | ((
        conversationId: string,
        messages: ReadonlyArray<Wanted>
      ) => Effect.Effect<ReadonlyArray<WrittenMessage>, E>)
    | undefined
  /** Removes the message at this index, oldest first. Without it, `liveRemoval` is not tried. */
  readonly remove?: ((conversationId: string, index: number) => Effect.Effect<void, E>) | undefined
  /** An id that no conversation has, and whether the server says so. Without it, `liveUnknown` is not tried. */
  readonly unknown?: { readonly id: string; readonly gives: "NotFound" | "empty" } | undefined
  /** A source with a token that the server refuses. Without it, `liveRefused` is not tried. */
  readonly refused?: LiveSource | undefined
}

/** How much is written. */
export interface LiveSizes {
  /** Messages of each large conversation. Default two of 250. */
  readonly large?: ReadonlyArray<number> | undefined
  /** The number of small conversations, of one to five messages each. Default 40. */
  readonly small?: number | undefined
  /** Page sizes to read with, beside the vendor's default. Default 7 and 100; none where the server chooses. */
  readonly pageSizes?: ReadonlyArray<number> | undefined
}
