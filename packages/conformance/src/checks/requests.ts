/**
 * Requests: what is sent, and what is refused before.
 */
import { OptionFacts } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { SourceService } from "@colloquy/core"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf, Subject } from "../Subject.ts"

// ---------------------------------------------------------------------------------------------------------------
// Ids
// ---------------------------------------------------------------------------------------------------------------

const plain = "42"

const odd = [
  "",
  ".",
  "..",
  "a/b",
  "a?b=c",
  "a#b",
  "a b",
  "%2F",
  "a%2Fb",
  "ü東",
  "a|b",
  "../../x",
  "\uD800",
  " 42",
  "+"
]

/** Ids that no request can hold. */
const impossible = new Set(["", ".", "..", "\uD800"])

const readMessages = (conversationId: string) => (service: SourceService) =>
  Effect.ignore(Stream.runDrain(service.messagePages({ conversationId })))

const decodedSegments = ({ pathname }: URL): ReadonlyArray<string> =>
  pathname.split("/").map(decodeURIComponent)

const values = (of: URL): ReadonlyArray<string> => [...of.searchParams.values()]

/** Whether a request names this id, once, where the request for another names that. */
const names = (url: URL, id: string, usual: URL): boolean => {
  const [segments, before] = [decodedSegments(url), decodedSegments(usual)]
  const swap = (each: string) => (each === plain ? id : each)
  return (
    url.origin === usual.origin &&
    url.hash === "" &&
    JSON.stringify(segments) === JSON.stringify(before.map(swap)) &&
    JSON.stringify(values(url)) === JSON.stringify(values(usual).map(swap))
  )
}

const firstRequest = (source: SourceOf, conversationId: string) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { conversations: 1 })
    yield* Stage.read(stage, readMessages(conversationId))
    return stage.sent[0]?.url
  })

export const oddIds = Check.ofSources("oddIds", (source) =>
  Effect.gen(function* () {
    const usual = yield* firstRequest(source, plain)
    if (usual === undefined) return `nothing is sent for the conversation ${plain}`
    return yield* Stage.first(odd, (id) =>
      Effect.map(firstRequest(source, id), (url) => {
        if (url === undefined) return undefined
        if (impossible.has(id)) return `${JSON.stringify(id)} was sent, as ${url.href}`
        return names(url, id, usual) ? undefined : `${JSON.stringify(id)} was sent as ${url.href}`
      })
    )
  })
)

// ---------------------------------------------------------------------------------------------------------------
// Options
// ---------------------------------------------------------------------------------------------------------------

/** Values that the options take: an example of each that is required. */
const valid = ({ options }: Subject): Readonly<Record<string, unknown>> =>
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
  Effect.gen(function* () {
    const [source] = subject.sources
    if (source === undefined) return "there is no source"
    const how = { token: Redacted.make(Stage.token), baseUrl: Stage.baseUrl }
    return yield* Stage.first(misfits(subject), ([name, given]) =>
      Effect.gen(function* () {
        const stage = yield* Stage.open(source)
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
  })
)
