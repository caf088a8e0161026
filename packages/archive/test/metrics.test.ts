import { Sync } from "@colloquy/archive"
import { type MemoryConversation, type Page, Source, type SourceService } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Metric, Stream } from "effect"
import { TestClock } from "effect/testing"
import { databases, onFresh } from "./databases.ts"

/** The numbers of an account's metrics, by name and by their other attributes. */
const metricsOf = (account: string) =>
  Effect.map(Metric.snapshot, (all) =>
    Object.fromEntries(
      all.flatMap(({ attributes, id, state }) => {
        if (attributes?.["account"] !== account) return []
        const told = ["outcome", "reason"].flatMap((name) => attributes[name] ?? [])
        const number = "count" in state ? Number(state.count) : "value" in state ? Number(state.value) : NaN
        return [[[id, ...told].join(" "), number]]
      })
    )
  )

const conversations: ReadonlyArray<MemoryConversation> = ["a", "b", "c"].map((id) => ({
  id,
  messages: [{ role: "user", text: "Hi" }]
}))

/** The same source, with a record of each page of messages that cannot be decoded, and without conversation `c`. */
const damaged = (source: SourceService): SourceService => ({
  ...source,
  messagePages: (options) => {
    const conversationId = options.conversationId === "c" ? "none" : options.conversationId
    return Stream.map(source.messagePages({ ...options, conversationId }), withRecord)
  }
})

const withRecord = <A>(page: Page.Page<A>): Page.Page<A> => {
  const index = page.start + page.items.length
  return { ...page, undecodable: [{ index, json: {}, problem: "not a message" }] }
}

describe.each(databases.slice(0, 1))("metrics of a sync into $name", (database) => {
  it.effect("have its outcome, its duration, when it was last complete, and what it added", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      const source = Source.fromConversations(conversations, { account: "whole" })
      yield* Sync.sync(source)
      yield* Sync.sync(source)
      assert.deepStrictEqual(yield* metricsOf("whole"), {
        colloquy_archive_added: 3,
        colloquy_archive_pages: 3,
        "colloquy_syncs complete": 2,
        colloquy_sync_duration: 2,
        colloquy_sync_last_success_seconds: 1_700_000_000
      })
    }).pipe(onFresh(database))
  )

  it.effect("have records in quarantine and failures by reason, and no success then", () =>
    Effect.gen(function* () {
      yield* Sync.sync(damaged(Source.fromConversations(conversations, { account: "damaged" })))
      assert.deepStrictEqual(yield* metricsOf("damaged"), {
        colloquy_archive_added: 2,
        colloquy_archive_pages: 2,
        colloquy_archive_quarantined: 2,
        "colloquy_sync_failures NotFound": 1,
        "colloquy_syncs partial": 1,
        colloquy_sync_duration: 1
      })
    }).pipe(onFresh(database))
  )
})
