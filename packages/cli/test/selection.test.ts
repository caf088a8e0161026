/**
 * Filters that match nothing: a mistyped name is said, and fails where somebody relies on the answer.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as Support from "./support.ts"

const env = Support.tokens

/** Runs `colloquy` on an archive that has the account `default` of Botuj. */
const onArchive = (
  test: (run: (...args: ReadonlyArray<string>) => Effect.Effect<Support.Result>) => Effect.Effect<void>
) =>
  Effect.gen(function* () {
    const archive = join(yield* Support.temporaryFolder, "history.db")
    yield* Support.withEmulator({ conversations: 2, messages: 5 }, (baseUrl) => {
      const run = (...args: ReadonlyArray<string>) =>
        Support.colloquy(
          args.map((arg) => arg.replace("URL", baseUrl)),
          { env: { ...env, COLLOQUY_ARCHIVE: archive } }
        )
      return Effect.andThen(run("sync", "botuj", "--base-url", "URL"), test(run))
    })
  }).pipe(Effect.scoped)

const has = String.raw`; it has the accounts botuj default$`

const cases: ReadonlyArray<{
  readonly args: ReadonlyArray<string>
  readonly code: number
  readonly last: RegExp
}> = [
  {
    args: ["status", "--vendor", "chatlin"],
    code: 2,
    last: /^error: Usage: no vendor is called "chatlin"; did you mean chatling\?$/
  },
  {
    args: ["status", "--vendor", "zendesk", "--strict"],
    code: 2,
    last: /^error: Usage: no vendor is called "zendesk"; there are opencopilot, chatling, botuj, gptbots(?:, \w+)*$/
  },
  { args: ["quarantine", "list", "--vendor", "botj"], code: 2, last: /"botj"; did you mean botuj\?$/ },
  { args: ["quarantine", "replay", "--vendor", "botj"], code: 2, last: /"botj"; did you mean botuj\?$/ },
  {
    args: ["status", "--vendor", "botuj", "--account", "defualt", "--strict"],
    code: 4,
    last: new RegExp(
      `^error: NotFound: nothing in the archive matches --vendor botuj --account defualt${has}`
    )
  },
  {
    args: ["status", "--vendor", "chatling", "--strict", "--json"],
    code: 4,
    last: new RegExp(`^error: NotFound: nothing in the archive matches --vendor chatling${has}`)
  },
  {
    args: ["status", "--conversation", "no such"],
    code: 4,
    last: new RegExp(`^error: NotFound: nothing in the archive matches --conversation 'no such'${has}`)
  },
  { args: ["quarantine", "list", "--conversation", "none"], code: 4, last: /^error: NotFound: / },
  { args: ["quarantine", "replay", "--conversation", "none"], code: 4, last: /^error: NotFound: / },
  {
    args: ["status", "--account", "eu"],
    code: 0,
    last: new RegExp(`^nothing in the archive matches --account eu${has}`)
  },
  {
    args: ["quarantine", "list", "--vendor", "chatling"],
    code: 0,
    last: new RegExp(`^nothing in the archive matches --vendor chatling${has}`)
  },
  { args: ["status", "--vendor", "botuj", "--account", "default", "--strict"], code: 0, last: /^$/ },
  ...["vendor", "account", "conversation"].flatMap((flag) =>
    [["status"], ["quarantine", "list"], ["quarantine", "replay"]].map((command) => ({
      args: [...command, `--${flag}`, ""],
      code: 2,
      last: new RegExp(`^error: Usage: .*--${flag}\\. Expected: a value that is not empty`)
    }))
  ),
  { args: ["forget", "--vendor", "botuj", "--user", "1", "--account", ""], code: 2, last: /--account\. Exp/ },
  { args: ["quarantine", "show", ""], code: 2, last: /<id>: ""\. Expected: a value that is not empty/ },
  { args: ["quarantine", "discard", ""], code: 2, last: /<id>: ""\. Expected: a value that is not empty/ }
]

describe("a filter", () => {
  it.live(
    "that matches nothing is said, and fails if it is mistyped, names a conversation, or is strict",
    () =>
      onArchive((run) =>
        Effect.forEach(
          cases,
          ({ args, code, last }) =>
            Effect.gen(function* () {
              const result = yield* run(...args)
              assert.strictEqual(result.code, code, `${args.join(" ")}\n${result.stderr}`)
              assert.match(result.last, last, args.join(" "))
            }),
          { concurrency: 2, discard: true }
        )
      ),
    120_000
  )

  it.live("of forget is said if it names no account of the archive", () =>
    onArchive((run) =>
      Effect.gen(function* () {
        const forget = ["forget", "--vendor", "botuj", "--user", "1", "--dry-run", "--account"]
        const mistyped = yield* run(...forget, "defualt")
        assert.strictEqual(mistyped.code, 0, mistyped.stderr)
        assert.match(
          mistyped.stderr,
          /^nothing in the archive matches --vendor botuj --account defualt; it has/
        )
        assert.match(mistyped.last, /^dry run, nothing was written/)
        assert.notMatch((yield* run(...forget, "default")).stderr, /nothing in the archive/)
      })
    )
  )

  it.live("is not needed for --strict to fail for an archive that has nothing", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const archive = join(yield* Support.temporaryFolder, "history.db")
        const run = (...args: ReadonlyArray<string>) =>
          Support.colloquy([...args, "--archive", archive], { env: { BOTUJ_API_KEY: "not-the-token" } })
        assert.strictEqual((yield* run("sync", "botuj", "--base-url", baseUrl)).code, 3)
        const status = yield* run("status")
        assert.deepStrictEqual(
          [status.code, status.last],
          [0, "the archive has nothing yet: no sync has come to its end"]
        )
        const strict = yield* run("status", "--strict")
        assert.strictEqual(strict.code, 4)
        assert.match(strict.last, /^error: NotFound: the archive has nothing yet/)
      })
    ).pipe(Effect.scoped)
  )

  it.live("may name an account that a sync found empty", () =>
    onArchive((run) =>
      Effect.gen(function* () {
        const strict = ["status", "--vendor", "gptbots", "--account", "default", "--strict"]
        assert.strictEqual((yield* run(...strict)).code, 4)
        const synced = yield* run("sync", "gptbots", "--until", "2000-01-01", "--base-url", "URL")
        assert.match(synced.last, /^gptbots: 0 conversations/)
        const known = yield* run(...strict)
        assert.strictEqual(known.code, 0, known.stderr)
        assert.strictEqual(known.last, "the archive has no conversation yet")
      })
    )
  )
})
