/**
 * Help: complete, with examples, on the right stream.
 */
import { names } from "colloquy/Vendors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Support from "./support.ts"

const commands = [
  "demo",
  "emulate",
  ...["pull", "conversations", "sync"].flatMap((command) => names.map((name) => `${command} ${name}`)),
  "status",
  "quarantine list",
  "quarantine replay",
  "forget"
]

describe("help", () => {
  for (const command of commands) {
    it.live(`of ${command} describes every flag and has examples`, () =>
      Effect.gen(function* () {
        const result = yield* Support.colloquy([...command.split(" "), "--help"])
        assert.strictEqual(result.code, 0)
        assert.strictEqual(result.stderr, "")
        assert.match(result.stdout, /EXAMPLES/)
        const flags = result.stdout.split("\n").filter((line) => /^ +--/.test(line))
        assert.isAbove(flags.length, 2)
        assert.deepStrictEqual(
          flags.filter((line) => !/^ +--\S+.*\s{2,}\S/.test(line)),
          []
        )
      })
    )
  }

  it.live("asked for goes to stdout, on a mistake to stderr", () =>
    Effect.gen(function* () {
      const asked = yield* Support.colloquy(["pull", "--help"])
      assert.match(asked.stdout, new RegExp(names.join("[^]*")))
      const mistaken = yield* Support.colloquy(["pull"])
      assert.strictEqual(mistaken.stdout, "")
      assert.isTrue(mistaken.stderr.startsWith(asked.stdout.slice(0, 100)))
    })
  )

  it.live("has a version", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* Support.colloquy(["--version"])
      assert.strictEqual(code, 0)
      assert.match(stdout, /^colloquy v?0\.1\.0\n$/)
    })
  )
})
