/**
 * `status` of what a vendor has no more, as a process.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as Support from "./support.ts"

/** A sync of Botuj while it has so many conversations. */
const sync = (archive: string, conversations: number) =>
  Support.withEmulator({ conversations, messages: 20 }, (baseUrl) =>
    Support.colloquy(["sync", "botuj", "--archive", archive, "--base-url", baseUrl, "--json"], {
      env: Support.tokens
    })
  )

describe("a conversation that vanished from the vendor's list", () => {
  it.live(
    "is named by status, fails --strict, and is let go when that is accepted",
    () =>
      Effect.gen(function* () {
        const archive = join(yield* Support.temporaryFolder, "history.db")
        const status = (...args: ReadonlyArray<string>) =>
          Support.colloquy(["status", "--archive", archive, ...args])
        assert.strictEqual((yield* sync(archive, 3)).code, 0)
        assert.strictEqual((yield* status("--strict")).code, 0)

        const second = yield* sync(archive, 2)
        assert.strictEqual(second.code, 0, second.stderr)
        assert.strictEqual(JSON.parse(second.stdout).vanished, 1)
        assert.match(second.stderr, /1 conversation vanished from the vendor's list/)
        const table = yield* status()
        assert.match(table.stdout, /did not come again:[^]*on no list of the vendor since/)
        const strict = yield* status("--strict", "--json")
        assert.strictEqual(strict.code, 6)
        assert.match(
          strict.last,
          /^error: Short: 1 of 3 conversations vanished from the vendor's list; .*--accept-vanished/
        )
        assert.strictEqual(JSON.parse(strict.stdout).accounts[0].vanished, 1)

        const elsewhere = yield* status("--accept-vanished", "--vendor", "chatling")
        assert.match(elsewhere.stderr, /no conversation that matches has vanished/)
        const accepted = yield* status("--accept-vanished", "--strict")
        assert.strictEqual(accepted.code, 0, accepted.stderr)
        assert.match(accepted.stderr, /accepted: 1 conversation vanished/)
        assert.strictEqual((yield* sync(archive, 2)).code, 0)
        assert.strictEqual((yield* status("--strict")).code, 0)

        assert.strictEqual((yield* sync(archive, 3)).code, 0)
        assert.strictEqual(JSON.parse((yield* status("--json")).stdout).accounts[0].vanished, 0)
      }).pipe(Effect.scoped),
    60_000
  )
})
