/**
 * Completion and the wizard: the values that are offered, and an end before anything was run.
 */
import { names } from "colloquy/Vendors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Support from "./support.ts"

describe("completion", () => {
  it.live("by zsh offers vendors and the known endpoints, which help does not call choices", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* Support.colloquy(["--completions", "zsh"])
      assert.strictEqual(code, 0)
      const offering = (flag: string) => stdout.split("\n").filter((line) => line.includes(`--${flag}[`))
      assert.isAbove(offering("vendor").length, 3)
      for (const line of offering("vendor")) assert.include(line, `(${names.join(" ")})`)
      assert.strictEqual(offering("endpoint").length, 3)
      for (const line of offering("endpoint")) assert.include(line, "(sg th jp)")
    })
  )

  it.live("by bash and fish offers them, too", () =>
    Effect.gen(function* () {
      const bash = yield* Support.colloquy(["--completions", "bash"])
      assert.include(bash.stdout, "'sg' 'th' 'jp'")
      const fish = yield* Support.colloquy(["--completions", "fish"])
      assert.match(fish.stdout, /-l endpoint .*sg th jp/)
    })
  )

  it.live("takes a value that it does not offer", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const args = ["conversations", "gptbots", "--endpoint", "hk", "--base-url", baseUrl]
        const result = yield* Support.colloquy(args, { env: Support.tokens })
        assert.strictEqual(result.code, 0, result.stderr)
      })
    )
  )
})

describe("the wizard", () => {
  it.live("describes the flags that it asks for; cancelled, it exits with 130", () =>
    Effect.gen(function* () {
      const result = yield* Support.colloquy(["sync", "botuj", "--wizard"])
      assert.strictEqual(result.code, 130)
      assert.strictEqual(result.last, "error: Interrupted: the wizard was cancelled, and nothing was run")
      assert.match(result.stdout, /--lookback DURATION +Read conversations in full if[^]*Set Archive/)
    })
  )
})
