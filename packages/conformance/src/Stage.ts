/**
 * A vendor's server in memory and a source that reads it: what happens in a check.
 */
import {
  type Checkpoint,
  type Conversation,
  type Note,
  Page,
  Pagination,
  RequestBudget,
  type SourceError,
  type SourceService
} from "@colloquy/core"
import { type Answer, Emulation, Faults, RequestLog, Rows, Server } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { isDeepStrictEqual } from "node:util"
import * as Clock from "./histories/clock.ts"
import type { SourceOf } from "./Subject.ts"

/** The only token that servers accept. It must appear in nothing that is told. */
export const token = "token-3f9c1a7e5b2d"

/** Where servers are. */
export const baseUrl = "http://127.0.0.1"

/** A request as it was sent. */
export interface Sent {
  /** Its number, from 1. */
  readonly nth: number
  readonly url: URL
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body of a POST; empty for a GET. */
  readonly body: string
  /** To be sent again. */
  readonly request: HttpClientRequest.HttpClientRequest
}

/** All that a request asks for, in words. */
export const askedBy = ({ body, headers, url }: Sent): string =>
  JSON.stringify([url.href, body, Object.entries(headers).filter(([name]) => !traced.has(name))])

/** Headers of tracing differ from request to request. */
const traced = new Set(["b3", "traceparent"])

/** What is served. */
export interface Setting extends Emulation.Options {
  /** Faults in the engine's shorthand. Default none. */
  readonly faults?: string | undefined
  /** Answers a request in place of the server; undefined leaves it to the server. */
  readonly reply?: ((sent: Sent) => Answer | undefined) | undefined
  /** Another token that is accepted. Default none. */
  readonly renewed?: string | undefined
}

/** A server and a way to read it. */
export interface Stage {
  readonly name: string
  readonly reader: Emulation.Reader
  readonly emulated: Emulation.Emulated
  /** The conversation with the most messages. */
  readonly largest: string
  readonly sent: ReadonlyArray<Sent>
  readonly client: HttpClient.HttpClient
}

/** Starts a server. */
export const open = (
  { emulation, name }: SourceOf,
  { faults = "", renewed = token, reply, ...options }: Setting = {}
): Effect.Effect<Stage> =>
  Effect.gen(function* () {
    const emulated = emulation.start(options)
    const reader = emulated.readers.find((each) => each.name === name)
    if (reader === undefined) return yield* Effect.die(new Error(`${name} is no reader of its emulation`))
    const struck = yield* Faults.parse(faults, [emulation.vendor])
    const log = RequestLog.make()
    const server = Server.httpClient(Emulation.answering([emulated], { token, faults: struck, log, seed: 1 }))
    const sent: Array<Sent> = []
    const client = HttpClient.make((request, url) => {
      const now = { nth: sent.length + 1, url, headers: request.headers, body: bodyOf(request), request }
      sent.push(now)
      const answer = reply?.(now)
      if (answer === undefined) return server.execute(authorized(now, emulated, [token, renewed]))
      const { body, headers = {}, status } = answer
      const text = body === undefined ? "" : JSON.stringify(body)
      const response = new Response(text, {
        status,
        headers: { "content-type": "application/json", ...headers }
      })
      return Effect.succeed(HttpClientResponse.fromWeb(request, response))
    })
    const { conversationIds } = emulated.corpus
    const largest = conversationIds.length === 0 ? "" : conversationIds.at(0)
    return { name, reader, emulated, largest, sent, client }
  }).pipe(Effect.orDie)

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

/** A request with the one token that the server knows, if it has one of `tokens`, wherever the vendor has it. */
const authorized = (
  { headers, request, url }: Sent,
  { authorization = { header: "authorization", prefix: "Bearer " } }: Emulation.Emulated,
  tokens: ReadonlyArray<string>
): HttpClientRequest.HttpClientRequest => {
  const places = [url.search, ...Object.values(headers)]
  const isKnown = tokens.some((each) => places.some((place) => place?.includes(each)))
  const known = isKnown ? token : "unknown"
  if ("header" in authorization) {
    return HttpClientRequest.setHeader(request, authorization.header, `${authorization.prefix}${known}`)
  }
  const address = new URL(url)
  address.searchParams.set(authorization.query, known)
  return HttpClientRequest.setUrl(request, address.href)
}

// ---------------------------------------------------------------------------------------------------------------
// Reading
// ---------------------------------------------------------------------------------------------------------------

/** How reading fails. */
export type Failure = SourceError

/** How a stage is read. */
export interface Reading extends Partial<Omit<Emulation.ReaderOptions, "baseUrl">> {}

/** The source, of a window of time that no conversation lies outside of. */
export const sourceOf = ({ reader }: Stage, reading: Reading = {}) =>
  Effect.orDie(
    reader.source({
      token: Redacted.make(token),
      baseUrl,
      since: 0,
      until: 4_000_000_000_000,
      ...reading
    })
  )

/** Reads with the source. Waits take no time. */
export const read = <A, E>(
  stage: Stage,
  use: (source: SourceService) => Effect.Effect<A, E>,
  reading?: Reading
): Effect.Effect<Exit.Exit<A, E>> => drive(stage, Effect.flatMap(sourceOf(stage, reading), use))

/** Runs an effect that asks the server. Waits take no time. */
export const drive = <A, E>(
  { client, sent }: Stage,
  effect: Effect.Effect<A, E, HttpClient.HttpClient>
): Effect.Effect<Exit.Exit<A, E>> => {
  const services = Layer.mergeAll(
    Layer.succeed(HttpClient.HttpClient, client),
    Layer.fresh(RequestBudget.layerMemory)
  )
  return Clock.drive(Clock.make(), Effect.provide(effect, services), {
    activity: () => sent.length,
    pause: Effect.yieldNow
  })
}

/** Writes no logs. */
export const silently: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = Effect.provide(
  Logger.layer([])
)

/** Which listing: a conversation's messages, or the list of conversations. */
export type What = "messages" | "conversations"

export const whats: ReadonlyArray<What> = ["messages", "conversations"]

/** The pages of a listing, of this conversation. */
export const rowPages =
  (what: What, conversationId: string) =>
  (source: SourceService): Stream.Stream<Page.Page<unknown>, SourceError> =>
    what === "messages" ? source.messagePages({ conversationId }) : source.conversationPages()

/** The pages of a listing in the vendor's rows. */
export const pagesOf =
  ({ largest, reader }: Stage, what: What, conversationId = largest) =>
  (source: SourceService, from?: Checkpoint): Stream.Stream<Page.Page<object>, SourceError> =>
    what === "messages"
      ? Stream.map(source.messagePages({ conversationId, from }), (page) => Page.map(page, reader.messageRow))
      : Stream.map(source.conversationPages({ from }), (page) => Page.map(page, reader.conversationRow))

/** A conversation's messages in the vendor's rows; `conversation` is its entry in the list, if there is one. */
export const messages =
  ({ reader }: Stage, conversationId: string, conversation?: Conversation) =>
  (source: SourceService) =>
    Stream.runCollect(Pagination.items(source.messagePages({ conversationId, conversation }))).pipe(
      Effect.map((messages) => messages.map(reader.messageRow))
    )

/** What the completion of these pages notes. */
export const notes = (pages: ReadonlyArray<Page.Page<unknown>>): ReadonlyArray<Note.Note["_tag"]> =>
  pages.at(-1)?.completion?.notes.map(({ _tag }) => _tag) ?? []

/** The list of conversations in the vendor's rows. */
export const conversations = (stage: Stage) => (source: SourceService) =>
  Stream.runCollect(Pagination.items(pagesOf(stage, "conversations")(source)))

/** One of the two listings of a stage: what a source reads of it, and what is there. */
export interface Listed {
  readonly what: What
  readonly read: (source: SourceService) => Effect.Effect<ReadonlyArray<object>, SourceError>
  readonly truth: () => ReadonlyArray<object>
}

/** One of the listings. */
export const listing = (stage: Stage, what: What): Listed =>
  what === "messages"
    ? { what, read: messages(stage, stage.largest), truth: () => rowsOf(stage, stage.largest) }
    : { what, read: conversations(stage), truth: () => Rows.toArray(stage.reader.conversations) }

/** The largest conversation, and the list. */
export const listings = (stage: Stage): ReadonlyArray<Listed> => whats.map((what) => listing(stage, what))

/** The bodies of the first answers of both listings. */
export const answers = (stage: Stage, reading?: Reading): Effect.Effect<ReadonlyArray<unknown>> =>
  Effect.gen(function* () {
    const bodies: Array<unknown> = []
    for (const { read: rows } of listings(stage)) {
      const before = stage.sent.length
      yield* read(stage, rows, reading)
      const asked = stage.sent[before]
      if (asked === undefined) continue
      const answer = yield* stage.client.execute(asked.request)
      bodies.push(yield* answer.json)
    }
    return bodies
  }).pipe(Effect.orDie)

/** The rows of a conversation that are there, in the listing's order. */
export const rowsOf = ({ reader }: Pick<Stage, "reader">, conversationId: string): ReadonlyArray<object> => {
  const rows = reader.messages(conversationId)
  return rows === undefined ? [] : Rows.toArray(rows)
}

// ---------------------------------------------------------------------------------------------------------------
// Judging
// ---------------------------------------------------------------------------------------------------------------

/** The reason of a failure. */
export const reasonOf = <A>(exit: Exit.Exit<A, SourceError>): SourceError["reason"] | undefined =>
  Option.getOrUndefined(Exit.findErrorOption(exit))?.reason

const excerpt = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 300)

/** How rows differ from those that are there, in words; undefined if they are equal. */
export const difference = (
  came: ReadonlyArray<unknown>,
  there: ReadonlyArray<unknown>
): string | undefined => {
  const at = there.findIndex((row, index) => !isDeepStrictEqual(row, came[index]))
  if (at < 0 && came.length === there.length) return undefined
  const where = at < 0 ? there.length : at
  return `${came.length} rows came, ${there.length} are there; row ${where} is ${excerpt(came[where])}, and should be ${excerpt(there[where])}`
}

/** An exit in words. */
export const shown = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isFailure(exit) ? `it failed: ${String(causeOf(exit))}` : "it succeeded"

const causeOf = (exit: Exit.Failure<unknown, unknown>): unknown => {
  const [reason] = exit.cause.reasons
  if (reason?._tag === "Fail") return reason.error
  return reason?._tag === "Die" ? reason.defect : "interrupted"
}

/** The first problem among these, in words; undefined if there is none. */
export const first = <A>(
  all: Iterable<A>,
  problem: (each: A) => Effect.Effect<string | undefined>
): Effect.Effect<string | undefined> =>
  Effect.gen(function* () {
    for (const each of all) {
      const found = yield* problem(each)
      if (found !== undefined) return found
    }
    return undefined
  })

/** A problem with where it was seen. */
export const within = (where: string, problem: string | undefined): string | undefined =>
  problem === undefined ? undefined : `${where}: ${problem}`
