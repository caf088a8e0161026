/**
 * Secrets: where the token goes, and where it must not.
 */
import { type Checkpoint, SourceError } from "@colloquy/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Inspectable from "effect/Inspectable"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf } from "../Subject.ts"

const setting = { conversations: 5, messages: 60 }

/** Ways in which a vendor may repeat the token, or lead it away. */
const faults = [
  "",
  "echo-token",
  "echo-token@nth:2",
  "html",
  "truncate",
  "redirect",
  "reset",
  "500",
  "429=600",
  "error-in-200"
]

const encode = Schema.encodeSync(Schema.toCodecJson(SourceError))

/** Every word of a failure that somebody could read. */
const toldBy = (exit: Exit.Exit<unknown, SourceError>): ReadonlyArray<string> => {
  if (Exit.isSuccess(exit)) return []
  return [
    Cause.pretty(exit.cause),
    ...exit.cause.reasons.flatMap((reason) => {
      if (reason._tag !== "Fail") return []
      const { error } = reason
      return [
        error.message,
        error.stack ?? "",
        JSON.stringify(encode(error)),
        Inspectable.toStringUnknown(error)
      ]
    })
  ]
}

const ofSpan = ({ attributes, events, links, name, status }: Tracer.NativeSpan): ReadonlyArray<string> => [
  name,
  ...[...attributes].map(([key, value]) => `${key}=${String(value)}`),
  JSON.stringify([events, links], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ...(status._tag === "Ended" && Exit.isFailure(status.exit) ? [Cause.pretty(status.exit.cause)] : [])
]

/** Reads both listings, and collects everything that is told meanwhile. */
const listening = (source: SourceOf, fault: string) =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const spans: Array<Tracer.NativeSpan> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make((entry) => {
      told.push(Logger.formatJson.log(entry))
      told.push(JSON.stringify(entry.fiber.getRef(References.CurrentLogAnnotations)))
    })
    const stage = yield* Stage.open(source, { ...setting, faults: fault })
    const checkpoints: Array<Checkpoint> = []
    const exit = yield* Stage.read(
      stage,
      (service) =>
        Stream.concat(
          Stream.map(service.conversationPages(), ({ checkpoint }) => checkpoint),
          Stream.map(service.messagePages({ conversationId: stage.largest }), ({ checkpoint }) => checkpoint)
        ).pipe(Stream.runForEach((checkpoint) => Effect.sync(() => checkpoints.push(checkpoint)))),
      { pageSize: 10 }
    ).pipe(
      Effect.provide(
        Layer.mergeAll(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "All"))
      ),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    told.push(...toldBy(exit), ...spans.flatMap(ofSpan), JSON.stringify(checkpoints))
    return { told, sent: stage.sent }
  })

const hasToken = ({ headers, url }: Stage.Sent): boolean =>
  [url.href, ...Object.values(headers)].some((each) => each?.includes(Stage.token))

export const tokenHidden = Check.ofSources("tokenHidden", (source) =>
  Stage.first(faults, (fault) =>
    Effect.map(listening(source, fault), ({ sent, told }) => {
      if (!sent.some(hasToken)) return "no request has the token"
      const leak = told.find((text) => text.includes(Stage.token))
      return leak === undefined ? undefined : `with "${fault}", this was told: ${leak.slice(0, 400)}`
    })
  )
)

export const tokenOrigin = Check.ofSources("tokenOrigin", (source) =>
  Stage.first(["", "redirect"], (fault) =>
    Effect.map(listening(source, fault), ({ sent }) => {
      const elsewhere = sent.find(({ url }) => url.origin !== Stage.baseUrl)
      return elsewhere === undefined ? undefined : `a request went to ${elsewhere.url.origin}`
    })
  )
)
