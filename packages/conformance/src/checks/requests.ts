/**
 * Requests: ids in paths and queries.
 */
import { Server } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf, Subject } from "../Subject.ts"
import * as Options from "./options.ts"

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

/** Whether a request names this id, once, where the request for another names that. */
const names = (url: URL, id: string, usual: URL): boolean => {
  const swap = (each: string) => (each === plain ? id : each)
  const isSame = (of: (url: URL) => ReadonlyArray<string>) =>
    JSON.stringify(of(url)) === JSON.stringify(of(usual).map(swap))
  return url.origin === usual.origin && url.hash === "" && isSame(segments) && isSame(values)
}

const segments = ({ pathname }: URL): ReadonlyArray<string> => Server.targetOf(pathname).path

const values = ({ searchParams }: URL): ReadonlyArray<string> => [...searchParams.values()]

/** How an id was sent in a wrong way; undefined if it was not, or was not sent at all. */
const misnamed = (id: string, url: URL | undefined, usual: URL): string | undefined => {
  if (url === undefined || (!impossible.has(id) && names(url, id, usual))) return undefined
  return `${JSON.stringify(id)} was sent as ${url.href}`
}

const firstRequest = (source: SourceOf, conversationId: string) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { conversations: 1 })
    yield* Stage.read(stage, (service) => Stream.runDrain(service.messagePages({ conversationId })))
    return stage.sent[0]?.url
  })

/** The first request of a listing by a source with these options among valid ones. */
const requestWith = (subject: Subject, given: object, what: Stage.What) =>
  Effect.gen(function* () {
    const stage = yield* Options.open(subject)
    yield* Stage.drive(
      stage,
      Effect.flatMap(subject.sourceFrom({ ...Options.valid(subject), ...given }, Options.how), (service) =>
        Stream.runDrain(Stage.rowPages(what, "7")(service))
      )
    )
    return stage.sent[0]?.url
  })

/** Ids among the options, such as that of a chatbot. */
const oddOptions = (subject: Subject) =>
  Stage.first(Options.texts(subject), (name) =>
    Stage.first(Stage.whats, (what) =>
      Effect.gen(function* () {
        const usual = yield* requestWith(subject, { [name]: plain }, what)
        // An option that is not in this request, or that takes no such value.
        if (usual === undefined || ![...segments(usual), ...values(usual)].includes(plain)) return undefined
        return yield* Stage.first(odd, (id) =>
          Effect.map(requestWith(subject, { [name]: id }, what), (url) =>
            Stage.within(name, misnamed(id, url, usual))
          )
        )
      })
    )
  )

const oddConversations = (source: SourceOf) =>
  Effect.gen(function* () {
    const usual = yield* firstRequest(source, plain)
    if (usual === undefined) return `nothing is sent for the conversation ${plain}`
    return yield* Stage.first(odd, (id) =>
      Effect.map(firstRequest(source, id), (url) => Stage.within(source.name, misnamed(id, url, usual)))
    )
  })

export const oddIds = Check.make("oddIds", (subject) =>
  Effect.gen(function* () {
    const problem = yield* Stage.first(subject.sources, oddConversations)
    return problem ?? (yield* oddOptions(subject))
  })
)
