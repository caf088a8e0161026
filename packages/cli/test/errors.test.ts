/**
 * How the command fails: exit code, last line, and nothing secret in it.
 */
import { Corpus } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

const env = Support.tokens
/** The one conversation of an emulator with a single one. */
const largest = String(Corpus.make({ conversations: 1, messages: 400 }).botuj.conversationIds.at(0))

/** What a vendor's answers end in. */
const failures: ReadonlyArray<{
  readonly what: string
  readonly faults: string
  readonly env?: Readonly<Record<string, string>>
  readonly code: number
  readonly last: RegExp
}> = [
  {
    what: "a refused token",
    faults: "",
    env: { ...env, BOTUJ_API_KEY: "wrong" },
    code: 3,
    last: /^error: Unauthorized: botuj: /
  },
  { what: "a token that expires on the way", faults: "expire=3", code: 3, last: /^error: Unauthorized: / },
  {
    what: "HTML in place of JSON",
    faults: "html",
    code: 7,
    last: /^error: InvalidResponse: .*JSON was expected/
  },
  {
    what: "a redirect to elsewhere",
    faults: "redirect",
    code: 7,
    last: /^error: InvalidResponse: .*the token must not go/
  },
  {
    what: "a record of another shape",
    faults: "malformed-record=2",
    code: 7,
    last: /^error: InvalidResponse: .*at row 2: /
  },
  {
    what: "an ignored page parameter",
    faults: "ignore-page",
    code: 6,
    last: /^error: IncompleteWalk: .*repeatedPage/
  },
  {
    what: "pages that go round",
    faults: "ignore-page",
    code: 6,
    last: /^error: IncompleteWalk: .*repeatedPage/
  },
  {
    what: "a rate limit that asks for too long",
    faults: "429=3600",
    code: 5,
    last: /^error: RateLimited: .*1h/
  }
]

describe("a failed walk", () => {
  for (const { code, env: own = env, faults, last, what } of failures) {
    it.live(`${what}: exit ${code} and its reason`, () =>
      Support.withEmulator({ faults }, (baseUrl) =>
        Effect.gen(function* () {
          const result = yield* Support.colloquy(["pull", "botuj", "--all", "--base-url", baseUrl], {
            env: own
          })
          assert.strictEqual(result.code, code, result.stderr)
          assert.match(result.last, last)
          assert.isFalse(`${result.stdout}${result.stderr}`.includes(Support.canary))
        })
      )
    )
  }

  it.live("a conversation that does not exist: exit 4", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const args = ["pull", "gptbots", "--conversation", "no-such", "--base-url", baseUrl]
        const result = yield* Support.colloquy(args, { env })
        assert.strictEqual(result.code, 4, result.stderr)
        assert.match(result.last, /^error: NotFound: gptbots: .*code 40356/)
      })
    )
  )

  it.live("a vendor that repeats the token in its words: not repeated by us", () =>
    Support.withEmulator({ faults: "echo-token" }, (baseUrl) =>
      Effect.gen(function* () {
        const result = yield* Support.colloquy(
          ["pull", "botuj", "--all", "--base-url", baseUrl, "--log-level", "all"],
          {
            env
          }
        )
        assert.strictEqual(result.code, 3)
        assert.match(result.last, /<redacted>/)
        assert.isFalse(`${result.stdout}${result.stderr}`.includes(Support.canary))
      })
    )
  )
})

describe("a hostile server", () => {
  // By fifty the last page would be cut short, and windows see it; by ten it comes again just as it was.
  const hostile = ["ignore-page", "cycle=2", "cycle=3", "clamp-page"]
  for (const faults of hostile) {
    it.live(`with ${faults} is given up after a bounded number of requests`, () =>
      Support.withEmulator({ faults, conversations: 1, messages: 400 }, (baseUrl) =>
        Effect.gen(function* () {
          const args = [
            "pull",
            "botuj",
            "--conversation",
            largest,
            "--page-size",
            faults === "clamp-page" ? "10" : "50",
            "--base-url",
            baseUrl
          ]
          const result = yield* Support.colloquy(args, { env })
          assert.strictEqual(result.code, 6, result.stderr)
          assert.match(result.last, /^error: IncompleteWalk: .*repeatedPage/)
          const requests = yield* Support.requestsAt(baseUrl)
          assert.isAtMost(requests, faults === "clamp-page" ? 50 : 20)
        })
      )
    )
  }
})

describe("a conversation that changes while it is read", () => {
  const moving = [
    { vendor: "gptbots", faults: "remove=0@every:3", concurrency: "1" },
    { vendor: "gptbots", faults: "insert=0@every:3", concurrency: "4" },
    { vendor: "gptbots", faults: "append@every:2", concurrency: "4" }
  ]
  for (const { concurrency, faults, vendor } of moving) {
    it.live(`of ${vendor} is read whole with ${faults} and ${concurrency} requests at once`, () =>
      Support.withEmulator({ faults, conversations: 1, messages: 400 }, (baseUrl) =>
        Effect.gen(function* () {
          const args = [
            "pull",
            vendor,
            "--all",
            "--page-size",
            "30",
            "--concurrency",
            concurrency,
            "--base-url",
            baseUrl
          ]
          const result = yield* Support.colloquy(args, { env })
          assert.strictEqual(result.code, 0, result.stderr)
          const ids = Support.parseLines(result.stdout).map(({ id }) => id)
          assert.isAtLeast(ids.length, 400)
          assert.strictEqual(new Set(ids).size, ids.length)
        })
      )
    )
  }
})

describe("tokens", () => {
  const refused = (env: Readonly<Record<string, string>>) =>
    Support.colloquy(["pull", "botuj", "--all", "--base-url", "http://127.0.0.1:9"], { env })

  it.live.each(["/dev/zero", "/dev/null", "/dev", "/dev/urandom"])(
    "are read from files and pipes only: %s is refused",
    (path) =>
      Effect.gen(function* () {
        const result = yield* Effect.timeout(refused({ BOTUJ_API_KEY_FILE: path }), "10 seconds")
        assert.strictEqual(result.code, 2, result.stderr)
        assert.match(
          result.last,
          /^error: Usage: the file \/dev.*, named by BOTUJ_API_KEY_FILE, is neither a file nor a pipe/
        )
      })
  )

  it.live("are short: a file of more than 64 KiB is refused, and nothing of it is said", () =>
    Effect.gen(function* () {
      const file = join(yield* Support.temporaryFolder, "token")
      writeFileSync(file, Support.canary.repeat(10_000))
      const result = yield* refused({ BOTUJ_API_KEY_FILE: file })
      assert.strictEqual(result.code, 2, result.stderr)
      assert.match(
        result.last,
        /^error: Usage: the file .*token, named by BOTUJ_API_KEY_FILE, holds more than 64 KiB/
      )
      assert.isFalse(result.stderr.includes(Support.canary))
    }).pipe(Effect.scoped)
  )

  it.live("may come through a pipe", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const piped = yield* Support.shell(
          `f() { BOTUJ_API_KEY_FILE=$1 colloquy conversations botuj --base-url ${baseUrl}; }
          f <(echo ${Support.canary}) | wc -l`,
          {}
        )
        assert.strictEqual(piped.code, 0, piped.stderr)
        assert.strictEqual(piped.stdout.trim(), "6")
      })
    )
  )

  it.live("come from a file that a variable names, and by account", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const file = join(folder, "token")
        writeFileSync(file, `${Support.canary}\n`)
        const result = yield* Support.colloquy(
          ["conversations", "botuj", "--account", "eu", "--base-url", baseUrl],
          { env: { BOTUJ_API_KEY_EU_FILE: file } }
        )
        assert.strictEqual(result.code, 0, result.stderr)
        assert.isTrue(Support.parseLines(result.stdout).every(({ account }) => account === "eu"))
      }).pipe(Effect.scoped)
    )
  )
})
