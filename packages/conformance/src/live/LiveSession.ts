/**
 * A filled server, its sources, and what was written.
 */
import { type Message, Pagination, RequestBudget, type SourceError, type SourceService } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as Stage from "../Stage.ts"
import type {
  LiveReading,
  LiveServer,
  LiveSizes,
  LiveSource,
  Wanted,
  Written,
  WrittenMessage
} from "./LiveServer.ts"

/** What checks of a server need. */
export interface LiveSession<in out E> {
  readonly title: string
  readonly server: LiveServer<E>
  readonly written: ReadonlyArray<Written>
  readonly pageSizes: ReadonlyArray<number>
  /** Runs with a source. */
  readonly read: <A, E2>(
    use: (source: SourceService) => Effect.Effect<A, E2>,
    reading?: LiveReading,
    source?: LiveSource
  ) => Effect.Effect<A, E2 | SourceError>
}

/** Messages with texts that no other has, of both roles, with characters that encodings break. */
export const wanted = (name: string, count: number): ReadonlyArray<Wanted> =>
  Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    text: `${name}, line ${index}: „ü & 東 🙂“\n<b>not bold</b>`
  }))

/** Fills a server. */
export const make = Effect.fnUntraced(function* <E>(
  title: string,
  server: LiveServer<E>,
  { large = [250, 250], pageSizes = [7, 100], small = 40 }: LiveSizes
): Effect.fn.Return<LiveSession<E>, E, HttpClient.HttpClient> {
  const client = yield* HttpClient.HttpClient
  const sizes = [...large, ...Array.from({ length: small }, (_, index) => 1 + (index % 5))]
  const written = yield* Effect.forEach(sizes, (size, index) =>
    server.write(wanted(`Conversation ${index}`, size))
  )
  const services = Layer.mergeAll(
    Layer.succeed(HttpClient.HttpClient, client),
    Layer.fresh(RequestBudget.layerMemory)
  )
  return {
    title,
    server,
    written,
    pageSizes,
    read: (use, reading = {}, source = server.source(reading)) =>
      Effect.flatMap(Effect.catchTag(source, "ConfigError", Effect.die), use).pipe(Effect.provide(services))
  }
})

/** A conversation's messages as a source gives them. */
export const messagesOf = (conversationId: string) => (source: SourceService) =>
  Stream.runCollect(Pagination.items(source.messagePages({ conversationId })))

const told = (
  { id, role, text }: Pick<Message, "role" | "text"> & { readonly id?: string | undefined },
  hasIds: boolean
) => (hasIds ? { id, role, text } : { role, text })

/**
 * How messages that were read differ from those that were written, in words; undefined if they are equal. Where the
 * vendor documents no order, either direction will do, but no other.
 */
export const difference = (
  source: Pick<SourceService, "messageOrder">,
  read: ReadonlyArray<Message>,
  written: ReadonlyArray<WrittenMessage>
): string | undefined => {
  const hasIds = written.some(({ id }) => id !== undefined)
  const there = written.map((each) => told(each, hasIds))
  const came = read.map((each) => told(each, hasIds))
  const forwards = Stage.difference(came, there)
  const backwards = Stage.difference(came, there.toReversed())
  if (source.messageOrder === "oldestFirst") return forwards
  if (source.messageOrder === "newestFirst") return backwards
  return backwards === undefined ? undefined : forwards
}

/** Written messages that did not come, and those that came twice, in words. */
export const lostOrRepeated = (
  read: ReadonlyArray<Message>,
  written: ReadonlyArray<WrittenMessage>
): string | undefined => {
  const texts = read.map(({ text }) => text)
  const lost = written.filter(({ text }) => !texts.includes(text))
  const twice = texts.filter((text, index) => texts.indexOf(text) !== index)
  if (lost.length > 0) return `${lost.length} messages did not come, such as ${JSON.stringify(lost[0])}`
  return twice.length > 0
    ? `${twice.length} messages came twice, such as ${JSON.stringify(twice[0])}`
    : undefined
}
