/**
 * Histories: the vendor's source over conversations that change, synced into an archive by runs that fail and die.
 */
import * as Sqlite from "@colloquy/archive/Sqlite"
import type { MemoryMessage, Page } from "@colloquy/core"
import { type Emulation, type Fixtures, Rows, Server, type SimulatedVendor } from "@colloquy/engine"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Check from "../Check.ts"
import * as Case from "../histories/case.ts"
import * as Deaths from "../histories/deaths.ts"
import { run } from "../histories/run.ts"
import type { Face } from "../histories/world.ts"
import * as Stage from "../Stage.ts"
import type { SourceOf, Subject } from "../Subject.ts"
import { originOf } from "./replay.ts"

type Simulated = SimulatedVendor.SimulatedVendor

// ---------------------------------------------------------------------------------------------------------------
// The world's conversations as the vendor's
// ---------------------------------------------------------------------------------------------------------------

/** `m12` is 12, and `i3`, which was inserted, is 1000003: some vendors' ids are numbers. */
const digits = (id: string): string =>
  id.startsWith("i") ? String(1_000_000 + Number(id.slice(1))) : id.slice(1)

const timeOf = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at * 1000))

const fixturesOf = ({ conversations }: Simulated, traits: Traits): Fixtures.Fixtures =>
  [...conversations].map(([id, rows]) => ({
    id,
    createdAt: timeOf(rows[0]?.at ?? 0),
    updatedAt: timeOf(rows.at(-1)?.at ?? 0),
    messages: rows.map(({ at, id, text }): MemoryMessage => ({
      id: digits(id),
      // Where the listing has no ids of its own, rows have none.
      idOrigin: traits.hasKeys ? "vendor" : "derived",
      role: "user",
      text,
      createdAt: timeOf(at)
    }))
  }))

const started = ({ emulation, name }: SourceOf, fixtures: Fixtures.Fixtures) => {
  const emulated = emulation.start({ fixtures })
  return { emulated, reader: emulated.readers.find((each) => each.name === name) }
}

// ---------------------------------------------------------------------------------------------------------------
// What the vendor gives
// ---------------------------------------------------------------------------------------------------------------

/** What of a conversation a vendor's rows tell. */
interface Traits extends Pick<Case.Vendor, "ids" | "times" | "list" | "newestFirst"> {
  /** Whether a listing's rows have ids of their own. */
  readonly hasKeys: boolean
  /** Where its messages stand. */
  readonly origin: Page.Origin | undefined
}

const probe: Fixtures.Fixtures = [
  {
    id: "101",
    createdAt: timeOf(0),
    updatedAt: timeOf(60),
    messages: [1, 2].map((nth) => ({
      id: String(nth),
      role: "user",
      text: `text ${nth}`,
      createdAt: timeOf(nth * 30)
    }))
  }
]

const decodeRow = Schema.decodeUnknownSync(Schema.JsonObject)

/** A conversation's messages, as a complete read gives them. */
const messagesOf = (reader: Emulation.Reader, conversationId: string, origin: Page.Origin | undefined) =>
  Stage.rowsOf({ reader }, conversationId).flatMap((row, index) => {
    const kept = { account: "default", conversationId, index, json: decodeRow(row) }
    const result = reader.decoder.message({ ...kept, origin })
    return Result.isSuccess(result) ? [result.success] : []
  })

/** Finds out what the vendor tells, from two messages of one conversation. */
const traitsOf = (
  source: SourceOf,
  { codecs, listings }: Subject,
  origin: Page.Origin | undefined
): Traits => {
  const { reader } = started(source, probe)
  if (reader === undefined) throw new TypeError(`${source.name} is no reader of its emulation`)
  const [first, second] = messagesOf(reader, "101", origin)
  const listed = Rows.toArray(reader.conversations).map((row) =>
    reader.decoder.conversation({ account: "default", json: decodeRow(row) })
  )[0]
  const conversation = listed === undefined ? undefined : Result.getOrUndefined(listed)
  const hasKeys = codecs.some(
    ({ of, operation }) => of === "messages" && listings.get(operation)?.key !== undefined
  )
  const counts = conversation?.messageCount != null
  const tellsActivity = conversation?.updatedAt != null
  const newestFirst = first?.text === "text 2"
  return {
    hasKeys,
    ids: hasKeys && first?.idOrigin === "vendor",
    times: second?.createdAt != null,
    list: counts ? (tellsActivity ? "both" : "count") : tellsActivity ? "activity" : "nothing",
    newestFirst,
    origin
  }
}

// ---------------------------------------------------------------------------------------------------------------
// The vendor below the histories
// ---------------------------------------------------------------------------------------------------------------

/** Answers from the world's conversations of this moment. */
const answering = (source: SourceOf, world: Simulated, traits: Traits): Server.Answering =>
  Effect.gen(function* () {
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const { path, query } = Server.targetOf(url)
    const id = [...path, ...query.values()].find((each) => ["101", "102", "103"].includes(each))
    world.requests += 1
    const what = id === undefined ? "list" : "messages"
    const request = { nth: world.requests, what, conversationId: id ?? null, page: 1 } as const
    yield* world.before(request)
    const fails = world.fails(request)
    const fixtures = fixturesOf(world, traits)
    const isEmpty = fails === "nothing"
    const there = isEmpty && what === "list" ? [] : fixtures
    const silent = isEmpty ? there.map((each) => ({ ...each, messages: [] })) : there
    const { emulated } = started(source, silent)
    const { api, authorization } = emulated
    const site = { api, authorization, token: Stage.token }
    if (fails === undefined || isEmpty) return yield* Server.respond(site, [])
    if (typeof fails === "string") return Server.responseOf(api.failure(fails, "as it was wanted"))
    return "_tag" in fails ? yield* Server.respond(site, [fails]) : Server.responseOf(fails)
  })

/** The vendor's source over a world, and the truth of it as the vendor's decoder gives it. */
const faceOf = (source: SourceOf, traits: Traits): Face => ({
  hasIds: () => traits.ids,
  source: (world) => {
    const { reader } = started(source, [])
    const options = {
      token: Redacted.make(Stage.token),
      baseUrl: Stage.baseUrl,
      policy: { retries: 0 },
      pageSize: world.manners.size ?? undefined,
      since: 0,
      until: 4_000_000_000_000
    }
    return reader === undefined
      ? Effect.die(new Error(`${source.name} is no reader of its emulation`))
      : reader
          .source(options)
          .pipe(
            Effect.provideService(HttpClient.HttpClient, Server.httpClient(answering(source, world, traits))),
            Effect.catchTag("ConfigError", Effect.die)
          )
  },
  truth: (world, id) => {
    const { reader } = started(source, fixturesOf(world, traits))
    return reader === undefined ? [] : messagesOf(reader, id, traits.origin)
  }
})

/** Cases of this vendor: what it tells is fixed, the page size and everything that happens is drawn. */
const casesOf = ({ ids, list, newestFirst, times }: Traits): Arbitrary.Arbitrary<Case.Case> =>
  Arbitrary.map(Case.cases, ({ vendor, ...rest }) => ({
    ...rest,
    vendor: { ...vendor, ids, list, newestFirst, times }
  }))

let isWatching = false

/** Counts the statements of this process, so that it can die at one. */
const watch = (): void => {
  if (!isWatching) Deaths.watch()
  isWatching = true
}

export const histories = Check.ofSources("histories", (source, subject) =>
  Effect.gen(function* () {
    watch()
    const traits = traitsOf(source, subject, yield* originOf(source, "messages"))
    const face = faceOf(source, traits)
    const database = Sqlite.layer({ filename: ":memory:" })
    const result = yield* Arbitrary.checkEffect(
      casesOf(traits),
      (given) =>
        Effect.flatMap(run(given, database, face), ({ wrong }) =>
          wrong === undefined ? Effect.succeed(true) : Effect.fail(wrong)
        ),
      { runs: subject.histories, seed: 1, maxShrinks: 200 }
    )
    return Arbitrary.formatCheckFailure(result)
  })
)
