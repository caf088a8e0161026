/**
 * The conformance kit: a Vitest suite for any vendor.
 *
 * **Example** (The suite of a vendor, in `test/conformance.test.ts`)
 *
 * ```ts
 * import { Botuj, Codecs, Wire } from "@colloquy/botuj"
 * import { Conformance } from "@colloquy/conformance"
 *
 * Conformance.suite({
 *   vendor: Botuj,
 *   sources: { Botuj: {} },
 *   messages: [{ codec: Codecs.messages, rows: Conformance.rows(Wire.Message) }],
 *   conversations: [{ codec: Codecs.conversations, rows: Conformance.rows(Wire.Conversation) }],
 *   answers: [{ status: 200, body: { message: "invalid conversation id" }, means: "InvalidResponse" }]
 * })
 * ```
 */
import * as WireRows from "@colloquy/engine/WireRows"
import { describe, it, layer } from "@effect/vitest"
import type * as Arbitrary from "effect/Arbitrary"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { checks } from "./Checks.ts"
import { liveChecks } from "./live/checks.ts"
import type { LiveServer, LiveSizes, Written } from "./live/LiveServer.ts"
import * as LiveSession from "./live/LiveSession.ts"
import { type Given, make } from "./Subject.ts"

/** The milliseconds that one test may take. */
const patience = 120_000

/**
 * Declares a suite of a vendor: a test for each rule of `rules`.
 *
 * Call it in a test file of your vendor's package. Give the vendor's emulation if there is one; otherwise the suite
 * derives one for each of `sources` from the vendor's definition. Tests run in memory, without a socket and without
 * waiting. A test that fails names the rule, the source and the first way in which the vendor breaks it.
 *
 * Throws `TypeError` if rows for a codec are missing, or if no emulation can be derived.
 */
export const suite = <Options>(given: Given<Options>): void => {
  const subject = make(given)
  describe(`${subject.title} conforms`, () => {
    for (const { rule, run } of checks) it.live(`${rule}`, () => run(subject), patience)
  })
}

/**
 * Rows that fit a wire schema, among fields that no document names. The fields of `odd` replace those of `wire`: put in
 * values that the document allows and a generator hardly finds, such as dates. Default none.
 */
export const rows = <Wire extends object, Odd extends object = {}>(
  wire: Schema.ConstraintCodec<Wire, unknown>,
  odd?: Schema.ConstraintCodec<Odd, unknown>
): Arbitrary.Arbitrary<Schema.JsonObject & Wire> => WireRows.arbitrary(wire, odd ?? Schema.Struct({}))

/** What a suite on a real server needs. */
export interface Live<E, Own = unknown, E2 = never> extends LiveSizes {
  /** The server with its version, such as `Mastra 1.4`. */
  readonly title: string
  /** Starts the server, or finds one. Its scope ends when the suite has ended. */
  readonly connect: Effect.Effect<LiveServer<E> & Own, E, Scope.Scope>
  /**
   * Tests of your own by name, such as of a command that reads the server. They run after the others, with what `connect`
   * gave and with what was written first, which no rule changes. Default none.
   */
  readonly more?:
    | Readonly<Record<string, (server: Own, written: ReadonlyArray<Written>) => Effect.Effect<void, E2>>>
    | undefined
  /** The transport. Default: `fetch`. */
  readonly client?: Layer.Layer<HttpClient.HttpClient> | undefined
  /** The milliseconds that starting and filling, and each test, may take. Default 120,000. */
  readonly timeout?: number | undefined
}

/**
 * Declares a suite on a real server: a test for each rule of `liveRules`.
 *
 * The suite fills the server through `write`, reads everything by the source and into an archive, changes it while it is
 * read, and compares with what was written. Other conversations on the server do not matter. A rule is not tried if the
 * server has no function for it: leave out `append`, `remove`, `unknown` or `refused` where there is none.
 *
 * **Example** (A server that others started)
 *
 * ```ts
 * import { Botuj } from "@colloquy/botuj"
 * import { Conformance, type LiveServer } from "@colloquy/conformance"
 * import { Effect, Redacted } from "effect"
 *
 * declare const post: (path: string, body: object) => Effect.Effect<{ readonly id: string }, Error>
 *
 * const connection = { token: Redacted.make("key"), baseUrl: "http://127.0.0.1:4111" }
 *
 * const server: LiveServer<Error> = {
 *   source: ({ pageSize }) => Botuj.source({ ...connection, pageSize }),
 *   write: (messages) => Effect.map(post("/conversations", { messages }), ({ id }) => ({ id, messages })),
 *   append: (id, messages) => Effect.as(post(`/conversations/${id}`, { messages }), messages)
 * }
 *
 * Conformance.live({ title: "Botuj at hand", connect: Effect.succeed(server), small: 10 })
 * ```
 */
export const live = <E, Own = unknown, E2 = never>({
  client = FetchHttpClient.layer,
  connect,
  more = {},
  timeout = patience,
  title,
  ...sizes
}: Live<E, Own, E2>): void => {
  interface Filled {
    readonly server: Own
    readonly session: LiveSession.LiveSession<E>
  }
  const Filled = Context.Service<Filled>("@colloquy/conformance/LiveSession")
  const fill = Effect.fnUntraced(function* (server: LiveServer<E> & Own) {
    return { server, session: yield* LiveSession.make<E>(title, server, sizes) }
  })
  const filled = Layer.effect(Filled, Effect.flatMap(connect, fill)).pipe(Layer.provide(client))
  layer(filled, { excludeTestServices: true, timeout })(`${title} conforms, live`, (it) => {
    for (const { rule, run } of liveChecks) {
      it.effect(rule, () => Effect.flatMap(Filled, ({ session }) => run(session)), timeout)
    }
    for (const [name, test] of Object.entries(more)) {
      it.effect(
        name,
        () => Effect.flatMap(Filled, ({ server, session }) => test(server, session.written)),
        timeout
      )
    }
  })
}
