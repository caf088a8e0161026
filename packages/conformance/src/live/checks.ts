/**
 * The checks of a vendor on a real server.
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { type Message, type Page, SourceError, type SourceService } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type liveRules, Violation } from "../Rules.ts"
import * as Stage from "../Stage.ts"
import type { Written } from "./LiveServer.ts"
import * as Session from "./LiveSession.ts"

type Session<E> = Session.LiveSession<E>
type Rule = keyof typeof liveRules

/** The first problem, in words. */
type Problem<E> = Effect.Effect<string | undefined, E | SourceError>

const itemsOf = <A>(pages: ReadonlyArray<Page.Page<A>>): ReadonlyArray<A> =>
  pages.flatMap(({ items }) => items)

const first = <A, E>(all: Iterable<A>, problem: (each: A) => Problem<E>): Problem<E> =>
  Effect.gen(function* () {
    for (const each of all) {
      const found = yield* problem(each)
      if (found !== undefined) return found
    }
    return undefined
  })

// ---------------------------------------------------------------------------------------------------------------
// Reading
// ---------------------------------------------------------------------------------------------------------------

/** Whether the list has each written conversation once. Others may be there, too. */
const listed = (ids: ReadonlyArray<string>, written: ReadonlyArray<Written>): string | undefined => {
  const wrong = written.find(({ id }) => ids.filter((each) => each === id).length !== 1)
  return wrong === undefined
    ? undefined
    : `the list has conversation ${wrong.id} ${ids.filter((each) => each === wrong.id).length} times`
}

const liveRead = <E>({ pageSizes, read, written }: Session<E>): Problem<E> =>
  first([undefined, ...pageSizes], (pageSize) =>
    read(
      (source) =>
        Effect.gen(function* () {
          const list = yield* Stream.runCollect(source.conversationPages())
          const problem = listed(
            itemsOf(list).map(({ id }) => id),
            written
          )
          if (problem !== undefined) return `pages of ${pageSize ?? "the default size"}: ${problem}`
          return yield* first(written, ({ id, messages }) =>
            Effect.map(Session.messagesOf(id)(source), (came) =>
              Stage.within(
                `pages of ${pageSize ?? "the default size"}, conversation ${id}`,
                Session.difference(source, came, messages)
              )
            )
          )
        }),
      { pageSize }
    )
  )

/** Pages and those of a walk that resumed behind them, or that started again. */
const rejoined = <A>(
  before: ReadonlyArray<Page.Page<A>>,
  rest: ReadonlyArray<Page.Page<A>>
): ReadonlyArray<Page.Page<A>> => (rest[0]?.restarted == null ? [...before, ...rest] : rest)

const liveResume = <E>({ pageSizes, read, written: [largest] }: Session<E>): Problem<E> =>
  read(
    (source) =>
      Effect.gen(function* () {
        if (largest === undefined) return "nothing was written"
        const { id: conversationId, messages } = largest
        const pages = yield* Stream.runCollect(source.messagePages({ conversationId }))
        return yield* first(pages.entries(), ([index, { checkpoint }]) =>
          Effect.map(Stream.runCollect(source.messagePages({ conversationId, from: checkpoint })), (rest) =>
            Stage.within(
              `from the checkpoint of page ${index + 1} of ${pages.length}`,
              Session.difference(source, itemsOf(rejoined(pages.slice(0, index + 1), rest)), messages)
            )
          )
        )
      }),
    { pageSize: pageSizes.find((size) => size > 7) ?? pageSizes[0] }
  )

// ---------------------------------------------------------------------------------------------------------------
// An archive
// ---------------------------------------------------------------------------------------------------------------

const archive = Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: ":memory:" })), Layer.orDie)

/** A clock that is an hour ahead. */
const ahead = (clock: Clock.Clock): Clock.Clock => {
  const millis = () => clock.currentTimeMillisUnsafe() + 3_600_000
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
    currentTimeNanos: clock.currentTimeNanos,
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  }
}

/** An hour after all that was written: a sync reads what was just active again, whatever the list says of it. */
const later = Effect.updateService(Clock.Clock, ahead)

const archived = (source: SourceService, written: ReadonlyArray<Written>) =>
  Effect.gen(function* () {
    const all: ReadonlyArray<Message> = yield* Archive.use((archive) => Stream.runCollect(archive.messages()))
    const wrong = written.flatMap(({ id, messages }) => {
      const own = all.filter(({ conversationId }) => conversationId === id)
      // Without a documented order the archive's order is the listing's.
      const problem = Session.difference(source, own, messages)
      return problem === undefined ? [] : [`conversation ${id} of the archive: ${problem}`]
    })
    return wrong[0]
  })

const liveSync = <E>({ read, server, written }: Session<E>): Problem<E> =>
  read((source) =>
    Effect.gen(function* () {
      const report = yield* Sync.sync(source)
      if (report.failed.length > 0) return `these failed: ${JSON.stringify(report.failed)}`
      const problem = yield* archived(source, written)
      if (problem !== undefined) return problem
      const again = yield* Sync.sync(source)
      if (again.added > 0 || again.changed > 0) {
        return `a second sync found ${again.added} new and ${again.changed} changed messages`
      }
      if (server.append === undefined) return undefined
      const more = yield* server.write(Session.wanted("A later conversation", 5))
      yield* Sync.sync(source)
      const added = yield* server.append(more.id, Session.wanted("A later line", 3))
      yield* Sync.sync(source)
      return yield* archived(source, [...written, { ...more, messages: [...more.messages, ...added] }])
    }).pipe(later, Effect.provide(archive), Effect.catchTag("ArchiveError", Effect.die))
  )

// ---------------------------------------------------------------------------------------------------------------
// Changes while it is read
// ---------------------------------------------------------------------------------------------------------------

/** Changes of one walk at most: a list that grew for ever would be read for ever. */
const maxChanges = 5

/** How many messages a conversation needs to have some pages of a size. */
const enoughFor = (pageSize = 24): number => Math.max(60, Math.ceil(pageSize * 2.5))

/** Reads a conversation, and changes it after each page but the last. Also returns how often it was changed. */
const changing = <E>(
  { read }: Session<E>,
  pageSize: number | undefined,
  conversationId: string,
  change: Effect.Effect<unknown, E>
) =>
  Effect.gen(function* () {
    let changes = 0
    const counted = Effect.suspend(() => {
      changes += 1
      return change
    })
    const result = yield* read(
      (source) =>
        source.messagePages({ conversationId }).pipe(
          Stream.tap(({ completion }) =>
            completion === null && changes < maxChanges ? counted : Effect.void
          ),
          Stream.runCollect,
          Effect.result
        ),
      { pageSize }
    )
    return { result, changes }
  })

/** With each page size: a problem, of a conversation with so many messages. */
const withSizes = <E>({ pageSizes }: Session<E>, problem: (pageSize?: number) => Problem<E>): Problem<E> =>
  first(pageSizes.length === 0 ? [undefined] : pageSizes, (pageSize) =>
    Effect.map(problem(pageSize), (found) =>
      Stage.within(`pages of ${pageSize ?? "the default size"}`, found)
    )
  )

/** The name of a reason, or the error in words. */
const tagOf = (error: unknown): string => (error instanceof SourceError ? error.reason._tag : String(error))

/** A walk that did not end is honest if it says that it is incomplete. */
const honest = (error: unknown): string | undefined =>
  tagOf(error) === "IncompleteWalk" ? undefined : `it failed: ${String(error)}`

/** Whether a completion says that rows may have been missed. */
const admits = (pages: ReadonlyArray<Page.Page<Message>>): boolean =>
  pages.at(-1)?.completion?.notes.some(({ _tag }) => _tag === "UnseenDrift") === true

const liveGrowth = <E>(session: Session<E>): Problem<E> =>
  withSizes(session, (pageSize) =>
    Effect.gen(function* () {
      const { append, write } = session.server
      if (append === undefined) return undefined
      const { id, messages } = yield* write(
        Session.wanted(`A conversation that grows at ${pageSize}`, enoughFor(pageSize))
      )
      let changes = 0
      let appended = 0
      const change = Effect.suspend(() => append(id, Session.wanted(`Meanwhile ${(changes += 1)}`, 5))).pipe(
        Effect.tap((added) =>
          Effect.sync(() => {
            appended += added.length
          })
        )
      )
      const { result } = yield* changing(session, pageSize, id, change)
      if (Result.isFailure(result)) return honest(result.failure)
      const problem = Session.lostOrRepeated(itemsOf(result.success), messages)
      if (problem !== undefined && !admits(result.success)) return problem
      yield* change
      const after = yield* session.read(Session.messagesOf(id))
      const expected = messages.length + appended
      return after.length === expected
        ? undefined
        : `${after.length} messages are there afterwards, not ${expected}`
    })
  )

const liveRemoval = <E>(session: Session<E>): Problem<E> =>
  withSizes(session, (pageSize) =>
    Effect.gen(function* () {
      const { remove, write } = session.server
      if (remove === undefined) return undefined
      const { id, messages } = yield* write(
        Session.wanted(`A conversation that shrinks at ${pageSize}`, enoughFor(pageSize))
      )
      const { changes, result } = yield* changing(session, pageSize, id, remove(id, 0))
      if (Result.isFailure(result)) return honest(result.failure)
      if (admits(result.success)) return undefined
      return Session.lostOrRepeated(itemsOf(result.success), messages.slice(changes))
    })
  )

// ---------------------------------------------------------------------------------------------------------------
// Refusals
// ---------------------------------------------------------------------------------------------------------------

const liveUnknown = <E>({ read, server: { unknown } }: Session<E>): Problem<E> =>
  unknown === undefined
    ? Effect.undefined
    : Effect.map(Effect.result(read(Session.messagesOf(unknown.id))), (result) => {
        const gives = Result.isFailure(result)
          ? tagOf(result.failure)
          : result.success.length === 0
            ? "empty"
            : "rows"
        return gives === unknown.gives ? undefined : `it gives ${gives}, not ${unknown.gives}`
      })

const liveRefused = <E>({ read, server: { refused } }: Session<E>): Problem<E> =>
  refused === undefined
    ? Effect.undefined
    : Effect.map(
        Effect.result(read((source) => Stream.runDrain(source.conversationPages()), {}, refused)),
        (result) => {
          const gives = Result.isFailure(result) ? tagOf(result.failure) : "a list"
          return ["Unauthorized", "Forbidden"].includes(gives) ? undefined : `it gives ${gives}`
        }
      )

// ---------------------------------------------------------------------------------------------------------------
// All
// ---------------------------------------------------------------------------------------------------------------

/** A check of one rule on a real server. */
export interface LiveCheck {
  readonly rule: Rule
  readonly run: <E>(session: Session<E>) => Effect.Effect<void, E | SourceError | Violation>
}

const check = (rule: Rule, problemOf: <E>(session: Session<E>) => Problem<E>): LiveCheck => ({
  rule,
  run: (session) =>
    Effect.flatMap(problemOf(session), (problem) =>
      problem === undefined
        ? Effect.void
        : Effect.fail(new Violation({ rule, vendor: session.title, problem }))
    )
})

/** Every check, in the order of the rules. */
export const liveChecks: ReadonlyArray<LiveCheck> = [
  check("liveRead", liveRead),
  check("liveResume", liveResume),
  check("liveSync", liveSync),
  check("liveGrowth", liveGrowth),
  check("liveRemoval", liveRemoval),
  check("liveUnknown", liveUnknown),
  check("liveRefused", liveRefused)
]
