/**
 * The line of progress on stderr: live on a terminal, a plain line every ten seconds elsewhere.
 */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import * as Redaction from "./Redaction.ts"
import * as Table from "./Table.ts"

const clearLine = "\r\u001B[K"

/** Shows the line of progress, and clears it before anything else is written to stderr. */
export class ProgressLine extends Context.Service<
  ProgressLine,
  {
    /** Runs the effect, and shows the current line meanwhile: its parts, the most important first. */
    readonly showing: <A, E, R>(
      line: Effect.Effect<ReadonlyArray<string>>,
      effect: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E, R>
  }
>()("colloquy/ProgressLine") {
  static readonly layer = Layer.effect(
    ProgressLine,
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      const live = yield* stdio.stderrIsTerminal
      const print = (text: string) =>
        Effect.ignore(Stream.run(Stream.succeed(text), stdio.stderr({ endOnDone: false })))
      const terminal = yield* Terminal.Terminal
      const show = live ? liveLine(print, terminal.columns) : plainLines
      return ProgressLine.of({
        showing: (line, effect) =>
          Effect.raceFirst(effect, show(Effect.map(line, (parts) => parts.map(Table.printable)))).pipe(
            Effect.ensuring(live ? print(clearLine) : Effect.void)
          )
      })
    })
  )
}

const liveLine =
  (print: (text: string) => Effect.Effect<void>, columns: Effect.Effect<number>) =>
  (line: Effect.Effect<ReadonlyArray<string>>): Effect.Effect<never> =>
    Effect.zipWith(line, columns, fitted).pipe(
      Effect.flatMap((text) => print(`${clearLine}${text}`)),
      Effect.andThen(Effect.sleep("100 millis")),
      Effect.forever
    )

/**
 * The parts that fit on the terminal: a wrapped line could not be cleared. A part that does not fit behind the more
 * important ones is left out; only the first is cut.
 */
export const fitted = ([first = "", ...others]: ReadonlyArray<string>, columns: number): string => {
  const most = columns > 1 ? columns - 1 : Infinity
  return others.reduce(
    (line, part) => (line.length + 2 + part.length <= most ? `${line}, ${part}` : line),
    Table.shortened(first, most)
  )
}

const plainLines = (line: Effect.Effect<ReadonlyArray<string>>): Effect.Effect<never> =>
  Effect.sleep("10 seconds").pipe(
    Effect.andThen(line),
    Effect.flatMap((parts) => Console.error(parts.join(", "))),
    Effect.forever
  )

/** Log lines on stderr, one line each: time, level unless it is info, vendor, text. A live line is cleared first. */
export const layerLogger: Layer.Layer<never, never, Stdio.Stdio> = Layer.unwrap(
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    const live = yield* stdio.stderrIsTerminal
    const logger = Logger.map(Logger.formatStructured, ({ annotations, level, message, timestamp }) => {
      const vendor = typeof annotations["vendor"] === "string" ? `${annotations["vendor"]}: ` : ""
      const text = typeof message === "string" ? message : JSON.stringify(message)
      const urgency = level === "INFO" ? "" : `${level.toLowerCase()} `
      const line = Table.printable(Redaction.redacted(`${vendor}${text}`))
      return `${live ? clearLine : ""}${timestamp.slice(11, 19)} ${urgency}${line}`
    })
    return Logger.layer([Logger.withConsoleError(logger)])
  })
)
