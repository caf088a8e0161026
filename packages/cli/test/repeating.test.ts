/**
 * `sync --every`: one run after the other until it is stopped.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import * as Support from "./support.ts"

const Health = Schema.fromJsonString(
  Schema.Struct({
    state: Schema.String,
    healthy: Schema.Boolean,
    runs: Schema.Int,
    lastSuccessAt: Schema.NullOr(Schema.String),
    nextRunAt: Schema.NullOr(Schema.String),
    error: Schema.NullOr(Schema.Struct({ reason: Schema.String, message: Schema.String }))
  })
)

const read = (path: string) => Schema.decodeSync(Health)(readFileSync(path, "utf8"))

/** Fulfilled once the health file says so. */
const said = (path: string, enough: (health: typeof Health.Type) => boolean): Promise<void> =>
  Effect.sync(() => existsSync(path) && enough(read(path))).pipe(
    Effect.delay("20 millis"),
    Effect.repeat({ until: (isEnough) => isEnough }),
    Effect.timeout("20 seconds"),
    Effect.asVoid,
    Effect.runPromise
  )

const sync = (folder: string, baseUrl: string) =>
  `sync botuj --base-url ${baseUrl} --archive ${folder}/history.db --every 1s --health-file ${folder}/health.json`.split(
    " "
  )

describe("sync --every", () => {
  it.live("tries again where a token cannot be read just now", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const health = join(folder, "health.json")
        const token = join(folder, "token")
        const result = yield* Support.colloquy(sync(folder, baseUrl), {
          env: { BOTUJ_API_KEY_FILE: token },
          signalWhen: {
            happened: said(health, ({ runs }) => {
              if (runs === 1) writeFileSync(token, Support.canary)
              return runs > 1 && read(health).healthy
            }),
            signal: "SIGTERM"
          }
        })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.match(result.stderr, /error Usage: the file \S+token, .* cannot be read/)
        assert.isNotNull(read(health).lastSuccessAt)
      })
    )
  )

  it.live("syncs again and again, tells how it goes, and ends well on SIGTERM", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const health = join(folder, "health.json")
        const result = yield* Support.colloquy(sync(folder, baseUrl), {
          env: Support.tokens,
          signalWhen: {
            happened: said(health, ({ runs, state }) => runs >= 2 && state === "waiting"),
            signal: "SIGTERM"
          }
        })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(result.last, "stopped between two runs")
        assert.match(result.stderr, /the next run begins at \d\d:\d\d:\d\d UTC/)
        const last = read(health)
        assert.deepInclude(last, { state: "stopped", healthy: true, error: null, nextRunAt: null })
        assert.isNotNull(last.lastSuccessAt)
      })
    )
  )

  it.live("goes on after a run that failed, and says so in the health file", () =>
    Support.withEmulator({ faults: "503@first:100" }, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const health = join(folder, "health.json")
        const result = yield* Support.colloquy(sync(folder, baseUrl), {
          env: { ...Support.tokens, BOTUJ_API_KEY: "another-token" },
          signalWhen: { happened: said(health, ({ runs }) => runs >= 2), signal: "SIGINT" }
        })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.match(result.stderr, /error (Unauthorized|Unavailable): /)
        const last = read(health)
        assert.deepInclude(last, { healthy: false, lastSuccessAt: null })
        assert.isNotNull(last.error)
      })
    )
  )

  it.live("goes on if the health file cannot be written any more", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const health = join(folder, "health.json")
        const result = yield* Support.colloquy(sync(folder, baseUrl), {
          env: Support.tokens,
          signalWhen: {
            happened: said(health, ({ runs }) => runs >= 1).then(() => {
              rmSync(health)
              mkdirSync(health)
              return sleep(2500)
            }),
            signal: "SIGTERM"
          }
        })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.match(result.stderr, /warn the health file is not up to date: \S+ is no file/)
        assert.isAbove(result.stderr.split("the next run begins").length, 3)
      })
    )
  )

  it.live("ends at once where the first run shows a mistake of its user", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const result = yield* Support.colloquy(sync(folder, "http://127.0.0.1:1"))
      assert.strictEqual(result.code, 2)
      assert.match(result.last, /^error: Usage: no token; set BOTUJ_API_KEY/)
      const health = read(join(folder, "health.json"))
      assert.deepInclude(health, { state: "stopped", healthy: false })
      assert.strictEqual(health.error?.reason, "Usage")
      const dry = yield* Support.colloquy(["sync", "botuj", "--every", "1s", "--dry-run"])
      assert.match(dry.last, /^error: Usage: --every and --dry-run exclude each other$/)
      const alone = yield* Support.colloquy(["sync", "botuj", "--health-file", join(folder, "h")])
      assert.match(alone.last, /^error: Usage: --health-file needs --every$/)
      for (const every of ["0s", "15d", "soon"]) {
        const refused = yield* Support.colloquy(["sync", "--every", every])
        assert.strictEqual(refused.code, 2)
        assert.match(refused.last, /a duration/)
      }
    })
  )
})
