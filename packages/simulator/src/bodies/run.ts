/**
 * Reads a vendor with damaged answers, and compares the result with what undamaged answers give.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import type { Conversation, Message, Page, SourceError, SourceService } from "@colloquy/core"
import { Emulator, type Reader } from "@colloquy/emulator"
import type { Server } from "@colloquy/engine"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Case, Spoiling } from "./case.ts"
import * as Judge from "./judge.ts"
import * as Spoil from "./spoil.ts"
import type { Transport } from "./transport.ts"

/** A limit of requests that no correct read reaches. */
const tooMany = 800

/** The whole span, for lists by time. */
const span = { since: 0, until: 4_000_000_000_000 }

/** What a reader of damaged answers reads. */
export type { Pulled, Synced }

const parse = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Json))
const decoder = new TextDecoder()

/** The damaged answers; `done` notes the damage of each row. */
const damaged = (answer: Server.Answering, given: Case, done: Map<string, Spoiling>): Server.Answering => {
  const numbers = new Map<string, number>()
  const numberOf = (name: string): number => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  }
  let nth = 0
  return Effect.map(answer, (response) => {
    nth += 1
    if (response.status !== 200 || response.body._tag !== "Uint8Array") return response
    const parsed: unknown = parse(decoder.decode(response.body.body))
    const text = Spoil.rows(parsed, given, done, numberOf)
    const strikes = given.bodies.find((each) => nth >= each.nth && nth < each.nth + each.times)
    const sent = strikes === undefined ? undefined : Spoil.body(text, parsed, strikes.what)
    return HttpServerResponse.uint8Array(sent?.bytes ?? new TextEncoder().encode(text), {
      status: sent?.status ?? 200,
      contentType: sent?.contentType ?? "application/json",
      headers: sent?.headers ?? {}
    })
  })
}

const keep = { undecodable: "keep" } as const

interface Pulled {
  readonly list: Exit.Exit<ReadonlyArray<Page.Page<Conversation>>, SourceError>
  readonly conversations: ReadonlyArray<{
    readonly conversation: Conversation
    readonly pages: Exit.Exit<ReadonlyArray<Page.Page<Message>>, SourceError>
  }>
}

/** Reads everything like `pull`, failures included. */
const pull = ({ concurrency }: Case) =>
  Effect.fnUntraced(function* (source: SourceService): Effect.fn.Return<Pulled> {
    const list = yield* Effect.exit(Stream.runCollect(source.conversationPages({ ...keep, concurrency })))
    const found = Exit.isSuccess(list) ? list.value.flatMap(({ items }) => items) : []
    const conversations = yield* Effect.forEach(found, (conversation: Conversation) =>
      Effect.map(
        Effect.exit(
          Stream.runCollect(
            source.messagePages({ conversationId: conversation.id, conversation, ...keep, concurrency })
          )
        ),
        (pages) => ({ conversation, pages })
      )
    )
    return { list, conversations }
  })

/** Reads everything into an archive, like `sync`. */
const sync = Effect.fnUntraced(function* ({ concurrency }: Case, source: SourceService) {
  const exit = yield* Effect.exit(
    Sync.sync(source, { concurrency, quarantine: { rows: 1_000_000, share: 1 } })
  )
  const archive = yield* Archive
  const messages: ReadonlyArray<Message> = yield* Stream.runCollect(archive.messages())
  return {
    exit,
    messages,
    order: source.messageOrder,
    status: yield* Stream.runCollect(archive.status.conversations()),
    records: yield* Stream.runCollect(archive.quarantine.records())
  }
})

type Synced = Effect.Success<ReturnType<typeof sync>>

/** One reader over the answers. */
const reader = Effect.fnUntraced(function* (
  given: Case,
  read: Reader,
  transport: Transport,
  answer: Server.Answering
) {
  let requests = 0
  const counted = Effect.suspend(() => {
    requests += 1
    return requests > tooMany ? Effect.die(new Error(`more than ${tooMany} requests`)) : answer
  })
  const { baseUrl, client, drive, policy } = yield* transport(counted)
  const options = { token: Redacted.make("emulator-token"), baseUrl, policy, ...span }
  const source = yield* Effect.provideService(
    read.source({ ...options, pageSize: given.pageSize }),
    HttpClient.HttpClient,
    client
  )
  return <A, E>(effect: (source: SourceService) => Effect.Effect<A, E>) =>
    drive(effect(source), () => requests)
})

const memory = Layer.provide(Archive.layer, Sqlite.layer({ filename: ":memory:" }))

/** The first fault, in words; undefined if there is none. */
export const run = (given: Case, transport: Transport): Effect.Effect<string | undefined> =>
  Effect.gen(function* () {
    const { answer, emulated } = yield* Emulator.make({
      conversations: given.conversations,
      messages: given.messages
    })
    const readers = Object.values(emulated).flatMap(({ readers }) => readers)
    const there = readers.find(({ name }) => name === given.source)
    if (there === undefined) return `nobody reads ${given.source}`
    const done = new Map<string, Spoiling>()
    const whole: Pulled = yield* (yield* reader(given, there, transport, answer))(pull(given))
    const truth = Judge.truthOf(there, whole)
    const read = yield* reader(given, there, transport, damaged(answer, given, done))
    if (given.into === "pull") return Judge.pulled(given, truth, yield* read(pull(given)), done)
    const synced: Synced = yield* read((source) => Effect.provide(sync(given, source), memory))
    return Judge.synced(given, truth, synced, done)
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) => Effect.succeed(`a defect: ${Cause.pretty(cause).slice(0, 400)}`))
  )
