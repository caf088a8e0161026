import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Emulation, RequestLog, Server, Testing } from "@colloquy/engine"
import { Intercom } from "@colloquy/intercom"
import { emulation } from "@colloquy/intercom/emulation"
import { assert, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Stream } from "effect"
import { HttpClient } from "effect/http"

const timeOf = (nth: number) => DateTime.formatIso(DateTime.makeUnsafe(1_704_103_200_000 + nth * 60_000))
const numbers = (size: number) => Array.from({ length: size }, (_, nth) => String(nth))

/** A client of Intercom with one conversation, whose size can change. */
const intercom = Effect.fnUntraced(function* (conversation: { size: number }, assumptions = {}) {
  const answer = Effect.suspend(() => {
    const messages = numbers(conversation.size).map((id) => {
      return { id, role: "user" as const, text: `Message ${id}`, createdAt: timeOf(Number(id)) }
    })
    const fixtures = [{ id: "471", updatedAt: timeOf(conversation.size), messages }]
    const how = { token: "emulator-token", faults: [], log: RequestLog.make(), seed: 1 }
    return Emulation.answering([emulation.start({ assumptions, fixtures })], how)
  })
  return yield* Effect.provideService(
    Intercom.source(Testing.credential),
    HttpClient.HttpClient,
    Server.httpClient(answer)
  )
})

it.effect.each(["all", "served"])(
  "a count of %s parts does not make a capped conversation whole",
  (intercomPartsCount) =>
    Effect.gen(function* () {
      const source = yield* intercom({ size: 700 }, { intercomPartsCount })
      const came: Array<string> = []
      const pages = Stream.tap(source.messagePages({ conversationId: "471" }), ({ items }) =>
        Effect.sync(() => came.push(...items.map(({ id }) => id)))
      )
      const { reason } = yield* Effect.flip(Stream.runDrain(pages))
      assert.deepInclude(reason, { _tag: "IncompleteWalk", kind: "capped" })
      assert.deepStrictEqual(came, ["0", ...numbers(700).slice(-500)])
    })
)

it.live("a capped conversation is short, in order, and is not read again until its entry changes", () =>
  Effect.gen(function* () {
    const conversation = { size: 400 }
    const sync = Sync.sync(yield* intercom(conversation))
    const archive = yield* Archive
    assert.deepInclude(yield* sync, { added: 400, failed: [] })
    for (const [size, added] of [
      [700, 300],
      [1000, 300],
      [1600, 500]
    ] as const) {
      conversation.size = size
      const report = yield* sync
      assert.deepStrictEqual(
        [report.added, report.gone, report.failed[0]?.reason],
        [added, 0, "IncompleteWalk"]
      )
    }
    assert.deepInclude(yield* sync, { pages: 1, added: 0, unchanged: 1, failed: [] })
    const ids = (yield* Stream.runCollect(archive.messages())).map(({ id }) => id)
    assert.deepStrictEqual(ids, [...numbers(1000), ...numbers(1600).slice(-500)])
    const [status] = yield* Stream.runCollect(archive.status.conversations())
    assert.deepInclude(status, { standing: "short", stored: 1500, claimed: 1600 })
  }).pipe(Effect.provide(Layer.provide(Archive.layer, Sqlite.layer({ filename: ":memory:" }))))
)
