/**
 * Help: complete, with examples, on the right stream.
 */
import { names } from "colloquy/Vendors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Support from "./support.ts"

const parents = ["pull", "conversations", "sync", "quarantine"]

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

  for (const command of parents) {
    it.live(`of ${command} lists its subcommands and has examples, set off by a line`, () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* Support.colloquy([command, "--help"])
        assert.strictEqual(code, 0)
        assert.match(stdout, new RegExp(`\\n\\nEXAMPLES\n[^]*colloquy ${command} `))
      })
    )
  }

  it.live("in a file is no wider than 100 characters, but for commands", () =>
    Effect.gen(function* () {
      for (const command of ["", "sync gptbots", "emulate", "status", "forget"]) {
        const { stdout } = yield* Support.colloquy([...command.split(" "), "--help"].filter(Boolean))
        const wide = stdout.split("\n").filter((line) => line.length > 100 && !line.startsWith("  colloquy "))
        assert.deepStrictEqual(wide, [])
      }
    })
  )

  it.live("asked for goes to stdout; on a mistake stderr says in short where it is", () =>
    Effect.gen(function* () {
      const asked = yield* Support.colloquy(["pull", "--help"])
      assert.match(asked.stdout, new RegExp(names.join("[^]*")))
      const mistaken = yield* Support.colloquy(["pull"])
      assert.strictEqual(mistaken.stdout, "")
      assert.deepStrictEqual(mistaken.stderr.trimEnd().split("\n"), [
        "usage: colloquy pull <subcommand> [flags]",
        `subcommands: ${names.join(", ")}`,
        "help: colloquy pull --help",
        "error: Usage: a command is missing; give one of the subcommands above"
      ])
    })
  )

  it.live("is named after a refusal, too", () =>
    Effect.gen(function* () {
      const refused = yield* Support.colloquy(["pull", "opencopilot", "--all"], { env: Support.tokens })
      assert.deepStrictEqual(refused.stderr.trimEnd().split("\n"), [
        "help: colloquy pull opencopilot --help",
        "error: Usage: give --bot ID or --organization ID"
      ])
    })
  )

  it.live("is where the command was started from", () =>
    Effect.gen(function* () {
      const npm = { npm_lifecycle_event: "npx", npm_config_user_agent: "npm/11" }
      const byNpx = yield* Support.colloquy(["pull"], { env: npm })
      assert.match(byNpx.stderr, /^help: npx colloquy pull --help$/m)
      const pnpm = { npm_lifecycle_event: "colloquy", npm_config_user_agent: "pnpm/12.21.0 npm/? node/?" }
      const byPnpm = yield* Support.colloquy(["pull"], { env: { ...pnpm, npm_execpath: "/usr/bin/pnpm" } })
      assert.match(byPnpm.stderr, /^help: pnpm colloquy pull --help$/m)
      const byBoth = yield* Support.colloquy(["pull"], {
        env: { ...pnpm, npm_execpath: "/root/.npm/_npx/9c70/node_modules/pnpm/pnpm" }
      })
      assert.match(byBoth.stderr, /^help: npx -y pnpm@12 colloquy pull --help$/m)
      const byDemo = yield* Support.colloquy(["demo", "--nonsense"], {
        env: { ...pnpm, npm_lifecycle_event: "demo", npm_execpath: "/usr/bin/pnpm" }
      })
      assert.match(byDemo.stderr, /^help: pnpm colloquy demo --help$/m)
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
