import { Emulator, Faults, type Options, Rows } from "@colloquy/emulator"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Testing } from "@colloquy/engine"
import { Effect, Layer, Stream } from "effect"
import { inProcess } from "./support.ts"

/** Two vendors' clients over an emulator: one with ids, one without. */
const over = (options: Options) =>
  Layer.mergeAll(Gptbots.layer(Testing.credential), OpenCopilot.layer(Testing.credential)).pipe(
    Layer.provideMerge(inProcess(options))
  )

const one = { conversations: 1, messages: 200 }

/** The ids of GPTBots' one conversation before, as read, and after. */
const readGptbots = (text: string, concurrency: number) =>
  Effect.gen(function* () {
    const faults = yield* Faults.parse(text)
    return yield* Effect.gen(function* () {
      const { gptbots } = (yield* Emulator).corpus
      const conversationId = gptbots.conversationIds.at(0)
      const ids = () => {
        const rows = gptbots.messages(conversationId)
        return rows === undefined ? [] : Rows.toArray(Rows.map(rows, ({ message_id }) => message_id))
      }
      const client = yield* Gptbots
      const before = ids()
      const rows = yield* Stream.runCollect(
        client.messages.items({ conversationId, pageSize: 20, concurrency })
      )
      return { before, read: rows.map(({ message_id }) => message_id), after: ids() }
    }).pipe(Effect.provide(over({ ...one, faults })))
  })

describe("a conversation that changes while it is read", () => {
  it.effect.each([
    ["remove=0@every:3", 1],
    ["remove=50@every:5", 4],
    ["insert=0@every:3", 1],
    ["insert=0@every:3", 4],
    ["insert=30@every:2", 8],
    ["append@every:2", 4]
  ] as const)("%s, %d at once: every message that stays is read, exactly once", ([text, concurrency]) =>
    Effect.gen(function* () {
      const { after, before, read } = yield* readGptbots(text, concurrency)
      assert.notDeepEqual(after, before)
      assert.strictEqual(new Set(read).size, read.length)
      const stayed = before.filter((id) => after.includes(id))
      assert.deepStrictEqual(
        stayed.filter((id) => !read.includes(id)),
        []
      )
    })
  )

  it.effect("is told as mended", () =>
    Effect.gen(function* () {
      const faults = yield* Faults.parse("remove=0@every:3")
      const completion = yield* Effect.gen(function* () {
        const { opencopilot } = (yield* Emulator).corpus
        const client = yield* OpenCopilot
        const conversationId = opencopilot.conversationIds.at(0)
        const pages = client.messages.pages({ botId: opencopilot.botId, conversationId, pageSize: 20 })
        return (yield* Stream.runCollect(pages)).at(-1)?.completion
      }).pipe(Effect.provide(over({ ...one, faults })))
      assert.match(completion?.mended.join() ?? "", /the listing moved \d+ times/)
    })
  )
})
