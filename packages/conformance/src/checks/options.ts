/**
 * Options: what is refused before anything is sent, and what a checkpoint is bound to.
 */
import { OptionFacts } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { Subject } from "../Subject.ts"

/** How sources with options of their own are made. */
export const how = { token: Redacted.make(Stage.token), baseUrl: Stage.baseUrl }

/** A server of the vendor, whichever: what it answers does not matter. */
export const open = ({ sources: [source] }: Subject, setting?: Stage.Setting): Effect.Effect<Stage.Stage> =>
  source === undefined ? Effect.die(new Error("there is no source")) : Stage.open(source, setting)

/** The names of the options that are texts. */
export const texts = ({ options }: Subject): ReadonlyArray<string> =>
  OptionFacts.of(options).flatMap(({ kind, name }) => (kind === "text" ? [name] : []))

/** Values that the options take: an example of each that is required. */
export const valid = ({ options }: Subject): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    OptionFacts.of(options)
      .filter(({ isRequired }) => isRequired)
      .map(({ choices, example, kind, name }) => [
        name,
        kind === "text" ? (example ?? choices[0] ?? "1") : (choices[0] ?? 1)
      ])
  )

/** Options of which one does not fit, and its name. */
const misfits = (subject: Subject): ReadonlyArray<readonly [name: string, options: object]> => {
  const base = valid(subject)
  const facts = OptionFacts.of(subject.options)
  return [
    ...facts.map(({ name }) => [name, { ...base, [name]: [false] }] as const),
    ...facts
      .filter(({ kind }) => kind === "text")
      .map(({ name }) => [name, { ...base, [name]: "" }] as const),
    ...facts
      .filter(({ kind }) => kind === "choice")
      .map(({ name }) => [name, { ...base, [name]: "of-no-kind" }] as const),
    ...facts
      .filter(({ kind }) => kind === "number" || kind === "epochMillis")
      .map(({ name }) => [name, { ...base, [name]: Number.NaN }] as const),
    ...Object.keys(base).map((name) => [name, { ...base, [name]: undefined }] as const),
    ["noSuchOption", { ...base, noSuchOption: "1" }]
  ]
}

export const options = Check.make("options", (subject) =>
  Stage.first(misfits(subject), ([name, given]) =>
    Effect.gen(function* () {
      const stage = yield* open(subject)
      const exit = yield* Stage.drive(stage, subject.sourceFrom(given, how))
      const where = JSON.stringify(given)
      if (stage.sent.length > 0) return `${where}: a request was sent`
      if (Exit.isSuccess(exit)) return `${where} is accepted`
      const error = Option.getOrUndefined(Exit.findErrorOption(exit))
      const isRefused = error?._tag === "SourceError" && error.reason._tag === "InvalidRequest"
      return isRefused && error.message.includes(name)
        ? undefined
        : `${where} is not refused by the name ${name}; ${Stage.shown(exit)}`
    })
  )
)

// ---------------------------------------------------------------------------------------------------------------
// Checkpoints
// ---------------------------------------------------------------------------------------------------------------

/** Two values of an option. */
const two = ({ choices, kind }: OptionFacts.OptionFacts): readonly [unknown, unknown] => {
  if (kind === "text") return ["1001", "1002"]
  return kind === "choice" ? [choices[0], choices[1]] : [1_700_000_000_000, 1_700_000_000_001]
}

/** First answers of this kind from every source. */
const bodiesOf = (subject: Subject, what: Stage.What) =>
  Effect.map(
    Effect.forEach(subject.sources, (source) =>
      Effect.flatMap(Stage.open(source, { conversations: 1 }), Stage.answers)
    ),
    (all) => all.map((bodies) => bodies[Stage.whats.indexOf(what)])
  )

interface Start {
  readonly asked: string | undefined
  readonly fingerprint: string | undefined
}

/** What a walk asks for first, and the fingerprint of its first checkpoint, if one of the bodies makes a page. */
const startOf = (
  subject: Subject,
  what: Stage.What,
  given: unknown,
  connection: { readonly account?: string | undefined; readonly pageSize?: number | undefined } = {}
) =>
  Effect.gen(function* () {
    let start: Start = { asked: undefined, fingerprint: undefined }
    for (const body of yield* bodiesOf(subject, what)) {
      const stage = yield* open(subject, { reply: () => ({ status: 200, body }) })
      const exit = yield* Stage.drive(
        stage,
        Effect.flatMap(subject.sourceFrom(given, { ...how, ...connection }), (service) =>
          Stream.runHead(Stage.rowPages(what, "c-1")(service))
        )
      )
      const page = Exit.isSuccess(exit) ? Option.getOrUndefined(exit.value) : undefined
      const [sent] = stage.sent
      start = {
        asked: sent === undefined ? undefined : Stage.askedBy(sent),
        fingerprint: page?.checkpoint.fingerprint
      }
      if (start.fingerprint !== undefined) return start
    }
    return start
  })

/** Whatever changes the first request must change the fingerprint. */
export const checkpointFilter = Check.make("checkpointFilter", (subject) =>
  Stage.first(OptionFacts.of(subject.options), (fact) =>
    Stage.first(Stage.whats, (what) =>
      Effect.gen(function* () {
        const [one, other] = two(fact)
        const before = yield* startOf(subject, what, { ...valid(subject), [fact.name]: one })
        const after = yield* startOf(subject, what, { ...valid(subject), [fact.name]: other })
        const isBlind =
          before.asked !== after.asked &&
          before.fingerprint !== undefined &&
          before.fingerprint === after.fingerprint
        return isBlind
          ? `${what} with ${fact.name} ${String(one)} and ${String(other)} have one fingerprint`
          : undefined
      })
    )
  )
)

/** Whatever changes the first request for a list must change the name of the list, or conclusions of one apply to the other. */
export const listFilter = Check.make("listFilter", (subject) =>
  Stage.first(OptionFacts.of(subject.options), (fact) =>
    Effect.gen(function* () {
      const starts = yield* Effect.forEach(two(fact), (value) =>
        Effect.gen(function* () {
          const given = { ...valid(subject), [fact.name]: value }
          const { asked } = yield* startOf(subject, "conversations", given)
          const stage = yield* open(subject)
          const made = yield* Stage.drive(stage, subject.sourceFrom(given, how))
          return { asked, filter: Exit.isSuccess(made) ? made.value.listFilter : undefined }
        })
      )
      const [before, after] = starts
      return before?.asked !== after?.asked && before?.filter !== undefined && before.filter === after?.filter
        ? `lists with other ${fact.name} are both called ${before.filter}`
        : undefined
    })
  )
)

export const checkpointKept = Check.make("checkpointKept", (subject) =>
  Stage.first(subject.checkpoints, (kept) =>
    Stage.first(Stage.whats, (what) =>
      Effect.map(
        startOf(subject, what, kept.options, { account: kept.account, pageSize: kept.pageSize }),
        ({ fingerprint }) =>
          fingerprint === kept[what]
            ? undefined
            : `${what} with ${JSON.stringify(kept.options)}: the fingerprint is ${fingerprint}, not ${kept[what]}`
      )
    )
  )
)
