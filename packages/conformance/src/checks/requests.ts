/**
 * Requests: ids in paths, queries and bodies.
 */
import { Server } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
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
const names = (sent: Stage.Sent, id: string, usual: Stage.Sent): boolean => {
  const swap = (each: string) => (each === plain ? id : each)
  const isSame = (of: (sent: Stage.Sent) => ReadonlyArray<string>) =>
    JSON.stringify(of(sent)) === JSON.stringify(of(usual).map(swap))
  return sent.url.origin === usual.url.origin && sent.url.hash === "" && isSame(segments) && isSame(values)
}

const segments = ({ url: { pathname } }: Stage.Sent): ReadonlyArray<string> => Server.targetOf(pathname).path

/** The texts of a query and of a body. */
const values = ({ body, url }: Stage.Sent): ReadonlyArray<string> => {
  const fields: unknown = body === "" ? {} : JSON.parse(body)
  const inBody = Predicate.isObject(fields) ? Object.values(fields).filter(Predicate.isString) : []
  return [...url.searchParams.values(), ...inBody]
}

/** How an id was sent in a wrong way; undefined if it was not, or was not sent at all. */
const misnamed = (id: string, sent: Stage.Sent | undefined, usual: Stage.Sent): string | undefined => {
  if (sent === undefined || (!impossible.has(id) && names(sent, id, usual))) return undefined
  return `${JSON.stringify(id)} was sent as ${sent.url.href} ${sent.body}`
}

const firstRequest = (source: SourceOf, conversationId: string) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { conversations: 1 })
    yield* Stage.read(stage, (service) => Stream.runDrain(service.messagePages({ conversationId })))
    return stage.sent[0]
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
    return stage.sent[0]
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
          Effect.map(requestWith(subject, { [name]: id }, what), (sent) =>
            Stage.within(name, misnamed(id, sent, usual))
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
      Effect.map(firstRequest(source, id), (sent) => Stage.within(source.name, misnamed(id, sent, usual)))
    )
  })

export const oddIds = Check.make("oddIds", (subject) =>
  Effect.gen(function* () {
    const problem = yield* Stage.first(subject.sources, oddConversations)
    return problem ?? (yield* oddOptions(subject))
  })
)
