/**
 * `sync --max-pages`, as a process: what is longer fails for itself, and goes on the next time.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as Support from "./support.ts"

describe("sync --max-pages", () => {
  it.live(
    "bounds each listing; the next run goes on from there, and ends whole",
    () =>
      Support.withEmulator({ conversations: 2, messages: 45 }, (baseUrl) =>
        Effect.gen(function* () {
          const archive = join(yield* Support.temporaryFolder, "history.db")
          const sync = Support.colloquy(
            ["sync", "botuj", "--archive", archive, "--base-url", baseUrl, "--json"].concat(
              "--page-size",
              "10",
              "--max-pages",
              "2"
            ),
            { env: Support.tokens }
          )
          const first = yield* sync
          assert.strictEqual(first.code, 6, first.stderr)
          const { failed } = JSON.parse(first.stdout)
          assert.match(failed[0].message, /pageLimit/)
          let runs = 1
          for (let code = first.code; code !== 0 && runs < 8; runs++) code = (yield* sync).code
          assert.isBelow(runs, 8)
          const strict = yield* Support.colloquy(["status", "--archive", archive, "--strict"])
          assert.strictEqual(strict.code, 0, strict.stderr)
        })
      ).pipe(Effect.scoped),
    60_000
  )
})
