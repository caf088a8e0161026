/**
 * Replay: rows that a walk kept, decoded without the vendor.
 */
import {
  type Conversation,
  type Decoder,
  type Message,
  Page,
  type SourceError,
  type SourceService
} from "@colloquy/core"
import { Rows } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { isDeepStrictEqual } from "node:util"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import { isAnswered, isInOneAnswer, type SourceOf, type Subject } from "../Subject.ts"

const setting = { conversations: 45, messages: 90 }
const reading = { pageSize: 20 }
const account = "default"

/** The fault that spoils the fourth row of each page. */
const spoiled = "malformed-record=3"

type Canonical = Message | Conversation

/** The canonical values and kept rows of a walk, by their places. */
interface Placed {
  readonly items: ReadonlyMap<number, Canonical>
  readonly kept: ReadonlyMap<number, Page.Undecodable>
  readonly count: number
}

const placed = (pages: ReadonlyArray<Page.Page<Canonical>>): Placed => ({
  items: new Map(pages.flatMap((page) => Page.map(page, (item, index) => [index, item] as const).items)),
  kept: new Map(pages.flatMap(({ undecodable }) => undecodable.map((row) => [row.index, row] as const))),
  count: pages.at(-1)?.completion?.count ?? 0
})

const pagesOf = (
  { largest }: Stage.Stage,
  what: Stage.What,
  service: SourceService
): Stream.Stream<Page.Page<Canonical>, SourceError> =>
  what === "messages"
    ? service.messagePages({ conversationId: largest, undecodable: "keep" })
    : service.conversationPages({ undecodable: "keep" })

/** A walk under these faults that keeps what it cannot decode. */
const walk = (source: SourceOf, what: Stage.What, faults: string) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { ...setting, faults })
    const exit = yield* Stage.read(
      stage,
      (service) => Stream.runCollect(pagesOf(stage, what, service)),
      reading
    )
    return { stage, exit: Exit.map(exit, placed) }
  })

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

/** Decodes a kept row. */
const decoded = (
  {
    largest,
    reader: { decoder }
  }: { readonly largest: string; readonly reader: { readonly decoder: Decoder } },
  what: Stage.What,
  row: { readonly index: number; readonly json: Schema.Json; readonly origin?: Page.Origin | undefined },
  ordinal = 0
): Result.Result<Canonical, SourceError> =>
  what === "messages"
    ? decoder.message({ account, conversationId: largest, ...row, ordinal })
    : decoder.conversation({ account, json: row.json, origin: row.origin })

const shown = (result: Result.Result<unknown, SourceError>): string =>
  Result.isSuccess(result) ? JSON.stringify(result.success).slice(0, 300) : result.failure.message

// ---------------------------------------------------------------------------------------------------------------
// Every row
// ---------------------------------------------------------------------------------------------------------------

/** The rows that are there, each decoded by itself; a taken id belongs to the next of equal rows. */
const differences = (
  stage: Stage.Stage,
  what: Stage.What,
  origin: Page.Origin | undefined,
  { items }: Placed
) => {
  const rows =
    what === "messages" ? Stage.rowsOf(stage, stage.largest) : Rows.toArray(stage.reader.conversations)
  const seen = new Set<string>()
  for (const [index, row] of rows.entries()) {
    const kept = { index, json: decodeRow(row), origin }
    let ordinal = 0
    let result = decoded(stage, what, kept)
    while (Result.isSuccess(result) && seen.has(result.success.id) && ordinal < rows.length) {
      ordinal += 1
      result = decoded(stage, what, kept, ordinal)
    }
    if (Result.isSuccess(result)) seen.add(result.success.id)
    if (!Result.isSuccess(result) || !isDeepStrictEqual(result.success, items.get(index))) {
      return `row ${index} decodes to ${shown(result)}, the walk gave ${JSON.stringify(items.get(index))}`
    }
  }
  return undefined
}

/** Where the rows of a listing stand, as rows that a walk keeps tell. */
export const originOf = (source: SourceOf, what: Stage.What): Effect.Effect<Page.Origin | undefined> =>
  Effect.map(walk(source, what, spoiled), ({ exit }) =>
    Exit.isSuccess(exit) ? [...exit.value.kept.values()][0]?.origin : undefined
  )

/** The listings whose rows can be kept: a row that a list is derived from always fails its walk. */
const whatsOf = (subject: Subject) => Stage.whats.filter((what) => isAnswered(subject, what))

export const replay = Check.ofSources("replay", (source, subject) =>
  Stage.first(whatsOf(subject), (what) =>
    Effect.gen(function* () {
      const { exit, stage } = yield* walk(source, what, "")
      if (Exit.isFailure(exit)) return `${what}: ${Stage.shown(exit)}`
      const origin = yield* originOf(source, what)
      if (origin === undefined) return `${what}: a kept row does not say where it stood`
      return Stage.within(what, differences(stage, what, origin, exit.value))
    })
  )
)

// ---------------------------------------------------------------------------------------------------------------
// Rows that cannot be decoded
// ---------------------------------------------------------------------------------------------------------------

const rowOf = ({ reader }: Stage.Stage, what: Stage.What, value: Canonical): Schema.JsonObject =>
  decodeRow(
    "role" in value ? reader.messageRow(value) : what === "messages" ? {} : reader.conversationRow(value)
  )

/** What is wrong with the rows that a walk kept, against a walk without faults. */
const wrongWith = (
  stage: Stage.Stage,
  what: Stage.What,
  least: number,
  faulty: Placed,
  faultless: Placed
): string | undefined => {
  const field = what === "messages" ? stage.reader.spoils.message : stage.reader.spoils.conversation
  const { items, kept } = faulty
  if (kept.size < least) return `${kept.size} rows were kept`
  if (items.size + kept.size !== faultless.count) {
    return `${items.size} rows were decoded and ${kept.size} kept, of ${faultless.count}`
  }
  for (const [index, item] of items) {
    if (!isDeepStrictEqual(item, faultless.items.get(index)))
      return `row ${index} is not the one without faults`
  }
  for (const { index, json, origin } of kept.values()) {
    const refused = decoded(stage, what, { index, json, origin })
    if (Result.isSuccess(refused)) return `the spoiled row ${index} decodes`
    const expected = faultless.items.get(index)
    if (expected === undefined) return `there is no row ${index}`
    const mended = { ...decodeRow(json), [field]: rowOf(stage, what, expected)[field] ?? null }
    const result = decoded(stage, what, { index, json: mended, origin })
    if (!Result.isSuccess(result) || !isDeepStrictEqual(result.success, expected)) {
      return `the mended row ${index} decodes to ${shown(result)}`
    }
  }
  return undefined
}

/** By default such a row fails the walk, with its place. */
const failsByDefault = (source: SourceOf, what: Stage.What) =>
  Effect.gen(function* () {
    const stage = yield* Stage.open(source, { ...setting, faults: spoiled })
    const reason = Stage.reasonOf(yield* Stage.read(stage, Stage.listing(stage, what).read, reading))
    return reason?._tag === "InvalidResponse" && reason.kind === "record" && reason.position === 3
      ? undefined
      : `a spoiled row 3 gives ${reason?._tag ?? "no failure"}`
  })

export const keptRows = Check.ofSources("keptRows", (source, subject) =>
  Stage.first(whatsOf(subject), (what) =>
    Effect.gen(function* () {
      const faulty = yield* walk(source, what, spoiled)
      const faultless = yield* walk(source, what, "")
      if (Exit.isFailure(faulty.exit)) return `${what}: ${Stage.shown(faulty.exit)}`
      if (Exit.isFailure(faultless.exit)) return `${what}: ${Stage.shown(faultless.exit)}`
      const least = isInOneAnswer(subject, what) ? 1 : 2
      const problem = wrongWith(faulty.stage, what, least, faulty.exit.value, faultless.exit.value)
      return Stage.within(what, problem ?? (yield* failsByDefault(source, what)))
    })
  )
)
