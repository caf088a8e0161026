/**
 * The vendors' APIs over one corpus, as their documents say, misbehaving on request.
 *
 * **Example** (A reader on the emulator, without a socket)
 *
 * ```ts
 * import { Chatling } from "@colloquy/chatling"
 * import { Emulator } from "@colloquy/emulator"
 * import { Layer, Redacted } from "effect"
 *
 * export const layer = Chatling.layer({
 *   token: Redacted.make("emulator-token"),
 *   baseUrl: "http://127.0.0.1"
 * }).pipe(Layer.provide(Emulator.layerHttpClient), Layer.provide(Emulator.layer({ messages: 1000 })))
 * ```
 */
import { Emulation, RequestLog, Server } from "@colloquy/engine"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Corpus from "./Corpus.ts"
import type * as Faults from "./Faults.ts"
import { dropConnection } from "./internal/socket.ts"
import * as Truth from "./internal/truth.ts"

/** What is emulated. */
export interface Options extends Corpus.CorpusOptions {
  /** The one token that is accepted. Default `emulator-token`. */
  readonly token?: string | undefined
  /** What goes wrong, and when. Default nothing. */
  readonly faults?: ReadonlyArray<Faults.Fault> | undefined
}

/** A running emulator. */
export interface EmulatorService {
  /** Answers every request of every vendor. Resets happen to the socket itself. */
  readonly app: Effect.Effect<
    HttpServerResponse.HttpServerResponse,
    never,
    HttpServerRequest.HttpServerRequest | Scope.Scope
  >
  /** The same for a transport without a socket, which is told of a reset. */
  readonly answer: Server.Answering
  /** Each vendor, emulated. */
  readonly emulated: Corpus.Emulated
  /** The truth, as it is now: what a complete reader has read of conversations that do not change. */
  readonly corpus: Corpus.Corpus
  /** The latest 10,000 requests at the vendors, oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestLog.RequestRecord>>
  /** All requests at the vendors, counted. */
  readonly requestCount: Effect.Effect<number>
}

/** The emulator. */
export class Emulator extends Context.Service<Emulator, EmulatorService>()("@colloquy/emulator/Emulator") {
  /** Builds an emulator; each has its own counts, log and rate-limit window. */
  static readonly make = (options: Options = {}): Effect.Effect<EmulatorService> =>
    Effect.sync(() => {
      const { faults = [], seed = 1, token = "emulator-token" } = options
      const emulated = Corpus.start(options)
      const log = RequestLog.make()
      const served = Emulation.answering(Object.values(emulated), { faults, log, seed, token })
      const answer = answering(emulated, log, served)
      return {
        answer,
        // Servers run an app uninterruptibly: a caller that hangs up must still end a long wait.
        app: Effect.interruptible(Effect.catch(answer, () => dropConnection)),
        emulated,
        corpus: Corpus.of(emulated),
        requests: log.records,
        requestCount: log.count
      }
    })

  /** An emulator as a service. */
  static layer(options: Options = {}): Layer.Layer<Emulator> {
    return Layer.effect(Emulator, Emulator.make(options))
  }

  /**
   * An `HttpClient` that hands every request to the emulator, whatever its host, on the caller's own fiber: latency
   * and rate-limit windows follow a test's clock.
   */
  static readonly layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, Emulator> = Layer.effect(
    HttpClient.HttpClient,
    Emulator.useSync(({ answer }) => Server.httpClient(answer))
  )
}

/** The vendors' answers, and beside them what the emulator tells of itself. */
const answering = (
  emulated: Corpus.Emulated,
  log: RequestLog.RequestLog,
  served: Server.Answering
): Server.Answering =>
  HttpServerRequest.HttpServerRequest.use(({ url }) => {
    const { path, query } = Server.targetOf(url)
    return path[0] === "emulator" ? Truth.respond(emulated, log, path, query) : served
  })
