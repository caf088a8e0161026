/**
 * What the tests share: every vendor's readers over an emulator, and a clock that moves.
 */
import { RequestBudget, type RequestPolicy, Source, type SourceError } from "@colloquy/core"
import { type Emulation, emulations, Emulator, type Options, type Reader, Rows } from "@colloquy/emulator"
import { Testing } from "@colloquy/engine"
import { Effect, Exit, Fiber, Layer, Option, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"

export const token = "emulator-token"

/** Vendors whose list is derived from messages: it has no conversation without any. */
export const listsOfMessages: ReadonlyArray<string> = Object.values<Emulation.Emulation>(emulations)
  .filter((emulation) => emulation.start().readers.some(({ hasDerivedList }) => hasDerivedList))
  .map(({ vendor }) => vendor)

/** One request without a vendor's client: status, headers and JSON. */
export const { get } = Testing

/** An emulator on the same fiber, and a budget of requests that nothing else spends. */
export const inProcess = (options: Options = {}) =>
  Layer.provideMerge(Emulator.layerHttpClient, Emulator.layer(options)).pipe(
    Layer.provideMerge(RequestBudget.layerMemory)
  )

/** Runs with the test clock moving on until it is done. */
export const settle = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
  for (let second = 0; second < 3000 && fiber.pollUnsafe() === undefined; second++) {
    yield* TestClock.adjust("1 second")
  }
  return yield* Fiber.await(fiber)
})

/** The reason of a failure. */
export const reasonOf = <A>(exit: Exit.Exit<A, SourceError>) =>
  Option.getOrUndefined(Exit.findErrorOption(exit))?.reason

interface Reading {
  readonly baseUrl?: string
  readonly pageSize?: number
  readonly policy?: Partial<RequestPolicy.Policy>
}

/** A reader's source, of a window of time that no conversation lies outside of. */
export const sourceOf = (
  { source }: Reader,
  { baseUrl = "http://127.0.0.1", pageSize, policy }: Reading = {}
) =>
  Effect.orDie(
    source({ token: Redacted.make(token), baseUrl, pageSize, policy, since: 0, until: 4_000_000_000_000 })
  )

/** A conversation as a reader reads it, in the vendor's rows. */
export const readMessages = (reader: Reader, conversationId: string, reading?: Reading) =>
  Stream.runCollect(Source.messages({ conversationId })).pipe(
    Effect.map((messages) => messages.map(reader.messageRow)),
    Effect.provideServiceEffect(Source, sourceOf(reader, reading))
  )

/** What every reader of every vendor gives, by its name, in the vendor's rows. */
export const readEverything = Effect.fnUntraced(function* (
  reading: Reading & {
    /** Between two readers: each has a budget of requests of its own, and the vendor's is one. Default a minute. */
    readonly pause?: "1 minute" | "0 millis"
  } = {}
) {
  const { emulated } = yield* Emulator
  const read: Record<string, unknown> = {}
  for (const { corpus, readers } of Object.values(emulated)) {
    for (const reader of readers) {
      read[reader.name] = yield* Effect.gen(function* () {
        const conversations = yield* Stream.runCollect(Source.conversations)
        const entries = new Map(conversations.map((each) => [each.id, each]))
        const messages = yield* Effect.forEach(Rows.toArray(corpus.conversationIds), (conversationId) =>
          Stream.runCollect(Source.messages({ conversationId, conversation: entries.get(conversationId) }))
        )
        return {
          conversations: conversations.map(reader.conversationRow),
          messages: messages.map((each) => each.map(reader.messageRow))
        }
      }).pipe(Effect.provideServiceEffect(Source, sourceOf(reader, reading)))
      yield* Effect.sleep(reading.pause ?? "1 minute")
    }
  }
  return read
})

/** The truth in the same shape. */
export const everything = (emulated: Emulator["Service"]["emulated"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(emulated).flatMap(({ corpus, readers }) =>
      readers.map(({ conversations, messages, name }) => [
        name,
        {
          conversations: Rows.toArray<unknown>(conversations),
          messages: Testing.everyConversation<unknown>(corpus.conversationIds, messages)
        }
      ])
    )
  )
