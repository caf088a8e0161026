/**
 * The emulator: all vendors' APIs over one corpus, as documented, with faults on request.
 *
 * **Example** (A client of the emulator, without a socket)
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
  /** The only accepted token. Default `emulator-token`. */
  readonly token?: string | undefined
  /** What goes wrong, and when. Default nothing. */
  readonly faults?: ReadonlyArray<Faults.Fault> | undefined
  /** Vendors beside those of this package. A path that one of them owns is its. Default none. */
  readonly also?: ReadonlyArray<Emulation.Emulation> | undefined
}

/** A running emulator. */
export interface EmulatorService {
  /** Answers every request of every vendor. A reset closes the socket itself. */
  readonly app: Effect.Effect<
    HttpServerResponse.HttpServerResponse,
    never,
    HttpServerRequest.HttpServerRequest | Scope.Scope
  >
  /** The same for a transport without a socket; a reset is an error. */
  readonly answer: Server.Answering
  /** The emulated vendors of this package. */
  readonly emulated: Corpus.Emulated
  /** All emulated vendors. */
  readonly all: ReadonlyArray<Emulation.Emulated>
  /** The current truth: what a complete read of unchanged conversations gives. */
  readonly corpus: Corpus.Corpus
  /** The latest 10,000 requests at the vendors, oldest first. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestLog.RequestRecord>>
  /** The number of requests at the vendors. */
  readonly requestCount: Effect.Effect<number>
}

/**
 * The emulator as a service, for tests in-process.
 *
 * Provide {@link Emulator.layerHttpClient} to sources: their requests then reach the emulator on the caller's fiber,
 * under a test's clock. For other processes, use `EmulatorServer`. Making an emulator cannot fail.
 *
 * **Example** (Every message of the emulated Botuj, although each fifth answer is a 500)
 *
 * ```ts
 * import { Botuj } from "@colloquy/botuj"
 * import { Source } from "@colloquy/core"
 * import { Emulator, Faults } from "@colloquy/emulator"
 * import { Effect, Layer, Redacted, Stream } from "effect"
 *
 * const credential = { token: Redacted.make("emulator-token"), baseUrl: "http://127.0.0.1" }
 *
 * export const program = Effect.gen(function* () {
 *   const faults = yield* Faults.parse("500@every:5/botuj")
 *   const emulator = Layer.provide(Emulator.layerHttpClient, Emulator.layer({ faults }))
 *   const source = Botuj.source(credential)
 *   return yield* Effect.provide(Effect.flatMap(source, (botuj) => Stream.runCollect(Source.history(botuj))), emulator)
 * })
 * ```
 */
export class Emulator extends Context.Service<Emulator, EmulatorService>()("@colloquy/emulator/Emulator") {
  /** Makes an emulator. Each has its own counts, log and rate-limit window. */
  static readonly make = (options: Options = {}): Effect.Effect<EmulatorService> =>
    Effect.sync(() => {
      const { also = [], faults = [], seed = 1, token = "emulator-token" } = options
      const emulated = Corpus.start(options)
      const all = [...also.map((each) => each.start(options)), ...Object.values(emulated)]
      const log = RequestLog.make()
      const served = Emulation.answering(all, { faults, log, seed, token })
      const answer = answering(all, log, served)
      return {
        answer,
        // Servers run an app uninterruptibly. A client that disconnects must still end a long wait.
        app: Effect.interruptible(Effect.catch(answer, () => dropConnection)),
        emulated,
        all,
        corpus: Corpus.of(emulated),
        requests: log.records,
        requestCount: log.count
      }
    })

  /** An emulator as a layer. */
  static layer(options: Options = {}): Layer.Layer<Emulator> {
    return Layer.effect(Emulator, Emulator.make(options))
  }

  /**
   * An `HttpClient` that passes every request to the emulator, for any host, on the caller's fiber. Latency and rate
   * limits then follow a test's clock.
   */
  static readonly layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, Emulator> = Layer.effect(
    HttpClient.HttpClient,
    Emulator.useSync(({ answer }) => Server.httpClient(answer))
  )
}

/** The vendors' answers, and the emulator's own endpoints. */
const answering = (
  emulated: ReadonlyArray<Emulation.Emulated>,
  log: RequestLog.RequestLog,
  served: Server.Answering
): Server.Answering =>
  HttpServerRequest.HttpServerRequest.use(({ url }) => {
    const { path, query } = Server.targetOf(url)
    return path[0] === "emulator" ? Truth.respond(emulated, log, path, query) : served
  })
