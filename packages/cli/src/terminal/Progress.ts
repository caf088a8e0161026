/**
 * Progress: a live line on a terminal, a plain line now and then elsewhere; both on stderr.
 */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type * as Tally from "../Tally.ts"
import * as Table from "./Table.ts"

const clearLine = "\r\u001B[K"

/** Writes the line of progress, and keeps it apart from everything else on stderr. */
export class Progress extends Context.Service<
  Progress,
  {
    /** Runs the effect while showing how the tallies grow. */
    readonly showing: <A, E, R>(
      tallies: ReadonlyArray<Tally.Tally>,
      effect: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E, R>
  }
>()("@colloquy/cli/Progress") {
  static readonly layer = Layer.effect(
    Progress,
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      const live = yield* stdio.stderrIsTerminal
      const print = (text: string) =>
        Effect.ignore(Stream.run(Stream.succeed(text), stdio.stderr({ endOnDone: false })))
      const show = live ? liveLine(print) : plainLines
      return Progress.of({
        showing: (tallies, effect) =>
          Effect.raceFirst(effect, show(tallies)).pipe(Effect.ensuring(live ? print(clearLine) : Effect.void))
      })
    })
  )
}

const liveLine =
  (print: (text: string) => Effect.Effect<void>) =>
  (tallies: ReadonlyArray<Tally.Tally>): Effect.Effect<never> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => print(`${clearLine}${describe(tallies, now)}`)).pipe(
      Effect.andThen(Effect.sleep("100 millis")),
      Effect.forever
    )

const plainLines = (tallies: ReadonlyArray<Tally.Tally>): Effect.Effect<never> =>
  Effect.sleep("10 seconds").pipe(
    Effect.andThen(Clock.currentTimeMillis),
    Effect.flatMap((now) => Console.error(describe(tallies, now))),
    Effect.forever
  )

const describe = (tallies: ReadonlyArray<Tally.Tally>, now: number): string => {
  const sum = (field: "conversations" | "messages" | "pages") =>
    Table.count(tallies.reduce((total, tally) => total + tally[field], 0))
  const millis = Math.max(1, now - Math.min(...tallies.map((tally) => tally.startedAt)))
  const rate = Math.round((tallies.reduce((total, tally) => total + tally.messages, 0) * 1000) / millis)
  const names = tallies.map((tally) => tally.vendor).join(", ")
  return `${names}: ${sum("conversations")} conversations, ${sum("messages")} messages, ${sum("pages")} pages, ${Table.count(rate)} messages/s`
}

/** Log lines on stderr, one line each: time, level unless it is info, vendor, text. A live line is cleared first. */
export const layerLogger: Layer.Layer<never, never, Stdio.Stdio> = Layer.unwrap(
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    const live = yield* stdio.stderrIsTerminal
    const logger = Logger.map(Logger.formatStructured, ({ annotations, level, message, timestamp }) => {
      const vendor = typeof annotations["vendor"] === "string" ? `${annotations["vendor"]}: ` : ""
      const text = typeof message === "string" ? message : JSON.stringify(message)
      const urgency = level === "INFO" ? "" : `${level.toLowerCase()} `
      return `${live ? clearLine : ""}${timestamp.slice(11, 19)} ${urgency}${vendor}${text}`
    })
    return Logger.layer([Logger.withConsoleError(logger)])
  })
)
