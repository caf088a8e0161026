/**
 * Doubles: the sound vendor with one fault each, put in on purpose.
 */
import type { Given, rules } from "@colloquy/conformance"
import type { Checkpoint, Message, Page, SourceError, SourceService } from "@colloquy/core"
import { type ErrorTable, type Vendor } from "@colloquy/core/vendor"
import { Effect, Predicate, Redacted, Result, Stream } from "effect"
import { codecOf, envelope, given, type Options } from "./acme.ts"

type Double = Given<Options>
type SourceFrom = Vendor.Any["sourceFrom"]
type Pages<A> = Stream.Stream<Page.Page<A>, SourceError>
type Read = { readonly from?: Checkpoint | undefined }

// ---------------------------------------------------------------------------------------------------------------
// Ways to put a fault in
// ---------------------------------------------------------------------------------------------------------------

const withVendor = (change: Partial<Double["vendor"]>): Double => {
  const sound = given()
  return { ...sound, vendor: { ...sound.vendor, ...change } }
}

/** Decodes messages in another way. */
const withMessages = (change: (message: Message) => Message): Double =>
  given({
    codecOf: (operation) => {
      const codec = codecOf(operation)
      return { ...codec, decodeRow: (row) => Result.map(codec.decodeRow(row), change) }
    }
  })

/** Makes sources in another way. */
const withSource = (change: (sourceFrom: SourceFrom) => SourceFrom): Double =>
  withVendor({ sourceFrom: change(given().vendor.sourceFrom) })

/** Changes what a source reads. `read` reads the listing once more, from another place or from its start. */
const withPages = (
  change: <A>(pages: Pages<A>, read: (from?: Checkpoint) => Pages<A>, asked: Read) => Pages<A>
): Double =>
  withSource(
    (sourceFrom) => (options, how) =>
      Effect.map(sourceFrom(options, how), (source): SourceService => ({
        ...source,
        messagePages: (asked) =>
          change(source.messagePages(asked), (from) => source.messagePages({ ...asked, from }), asked),
        conversationPages: (asked = {}) =>
          change(
            source.conversationPages(asked),
            (from) => source.conversationPages({ ...asked, from }),
            asked
          )
      }))
  )

/** A source that takes some failures for the end of a listing. */
const quietAt = (isEnd: (reason: SourceError["reason"]) => boolean): Double =>
  withPages((pages) =>
    Stream.catchIf(
      pages,
      ({ reason }) => isEnd(reason),
      () => Stream.empty
    )
  )

const quietAtIncomplete = quietAt(({ _tag }) => _tag === "IncompleteWalk")

/** A source that changes its pages, whatever they are. */
const withEachPage = (change: <A>(page: Page.Page<A>) => Page.Page<A>): Double =>
  withPages((pages) => Stream.map(pages, change))

const soundErrors: ErrorTable.ErrorTable = given().vendor.definition.errors

// ---------------------------------------------------------------------------------------------------------------
// One double for each rule
// ---------------------------------------------------------------------------------------------------------------

/** What is wrong with a double, and the double. */
export const doubles: Readonly<Record<keyof typeof rules, readonly [fault: string, double: Double]>> = {
  roundTrip: [
    "a codec that forgets unknown fields",
    given({
      codecOf: (operation) => {
        const codec = codecOf(operation)
        return { ...codec, encode: (message) => codec.encode({ ...message, extra: {} }) }
      }
    })
  ],
  canonical: [
    "a codec that gives times as the vendor wrote them",
    withMessages((message) => ({ ...message, createdAt: String(message.createdAt) }))
  ],
  identity: [
    "a codec that makes ids small",
    withMessages((message) => ({ ...message, id: message.id.toLowerCase().trim() }))
  ],
  errorTable: [
    "a code with a wrong meaning",
    given({ errors: { ...soundErrors, codes: { limited: "NotFound", gone: "NotFound" } } })
  ],
  errorCodes: [
    "a code that no answer shows",
    given({ errors: { ...soundErrors, codes: { ...soundErrors.codes, broke: "QuotaExhausted" } } })
  ],
  absentList: [
    "an envelope that takes a missing list for an empty one",
    given({ envelope: (body) => envelope(body) ?? { rows: [] } })
  ],
  errorInside200: [
    "an error table that reads statuses only",
    given({
      errors: {
        ...soundErrors,
        read: (body, status) => (status < 400 ? undefined : soundErrors.read(body, status))
      }
    })
  ],
  whole: [
    "an envelope that loses the last row of a page",
    given({
      envelope: (body) => {
        const whole = envelope(body)
        return whole === undefined ? undefined : { ...whole, total: null, rows: whole.rows.slice(0, -1) }
      }
    })
  ],
  clampedSize: [
    "a source that takes a page of fewer rows than asked for as the last one",
    withPages((pages) =>
      Stream.takeUntil(pages, ({ checkpoint, items }) => items.length < (checkpoint.size ?? 0))
    )
  ],
  ignoredPage: ["a source that takes the first page, given again, for the end", quietAtIncomplete],
  cycle: ["a source that takes a cycle for the end", quietAtIncomplete],
  lastPageAgain: [
    "a source that gives the last row of each page again",
    withEachPage((page) => ({ ...page, items: [...page.items, ...page.items.slice(-1)] }))
  ],
  wrongTotal: ["a source that ends where rows end, whatever the total", quietAtIncomplete],
  traps: ["a source that takes an empty page for the end, whatever the total", quietAtIncomplete],
  passingFaults: [
    "a source that tries nothing again",
    withSource((sourceFrom) => (options, how) => sourceFrom(options, { ...how, policy: { retries: 0 } }))
  ],
  lastingFaults: [
    "a source that takes a server that is down for the end",
    quietAt(({ _tag }) => _tag === "Unavailable")
  ],
  resume: ["a source that forgets its checkpoint", withPages((_, read) => read())],
  checkpointOwner: [
    "a source that goes on from any checkpoint",
    withPages((pages, read, { from }) =>
      from === undefined
        ? pages
        : Stream.unwrap(
            Effect.map(Stream.runCollect(Stream.take(read(), 1)), ([first]) =>
              read(first === undefined ? from : { ...from, fingerprint: first.checkpoint.fingerprint })
            )
          )
    )
  ],
  checkpointFilter: [
    "a source whose checkpoints fit every workspace",
    withEachPage((page) => ({ ...page, checkpoint: { ...page.checkpoint, fingerprint: "any" } }))
  ],
  listFilter: ["a vendor whose lists all have one name", given({ filterOf: () => ({}) })],
  checkpointKept: [
    "a vendor whose requests have changed",
    {
      ...given(),
      checkpoints: [{ options: { workspace: "w-1" }, messages: "d1_before", conversations: "d1_before" }]
    }
  ],
  oddIds: ["a source that asks for the first part of an id", given({ idOf: (id) => id.split("/")[0] ?? id })],
  options: [
    "a source that ignores names that it does not know",
    withSource((sourceFrom) => (options, how) => {
      const { noSuchOption: _, ...known }: Readonly<Record<string, unknown>> = Predicate.isObject(options)
        ? { ...options }
        : {}
      return sourceFrom(known, how)
    })
  ],
  tokenHidden: [
    "a source that logs its token",
    withSource(
      (sourceFrom) => (options, how) =>
        Effect.tap(sourceFrom(options, how), () =>
          Effect.log(Redacted.isRedacted(how.token) ? Redacted.value(how.token) : "")
        )
    )
  ],
  tokenOrigin: [
    "a source that asks the usual host whatever base URL is given",
    withSource((sourceFrom) => (options, how) => sourceFrom(options, { ...how, baseUrl: undefined }))
  ],
  tokenRenewed: [
    "a source that reads its token once",
    withSource(
      (sourceFrom) => (options, how) =>
        Effect.flatMap(
          Effect.isEffect(how.token) ? Effect.orDie(how.token) : Effect.succeed(how.token),
          (token) => sourceFrom(options, { ...how, token })
        )
    )
  ],
  replay: [
    "a decoder that decodes in another way than a walk",
    withVendor({
      decoder: {
        ...given().vendor.decoder,
        message: (row) =>
          Result.map(given().vendor.decoder.message(row), (message) => ({
            ...message,
            text: `${message.text} `
          }))
      }
    })
  ],
  keptRows: [
    "a source that drops what it cannot decode",
    withEachPage((page) => ({ ...page, undecodable: [] }))
  ],
  histories: ["a source that reads only one page", withPages((pages) => Stream.take(pages, 1))]
}
