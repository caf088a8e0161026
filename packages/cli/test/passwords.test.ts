/**
 * URLs with a password that a command refuses: it says why, and not the password.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync } from "node:fs"
import * as Support from "./support.ts"

const { canary } = Support
const url = (scheme: string, host = "db.example") => `${scheme}://user:${canary}@${host}/history`

interface Case {
  readonly what: string
  readonly archive: string
  readonly last: RegExp
}

const archives: ReadonlyArray<Case> = [
  {
    what: "in the quotes that an env file kept",
    archive: `"${url("postgres")}"`,
    last: /^error: Usage: the archive's name is in quotes; remove them/
  },
  {
    what: "in single quotes",
    archive: `'${url("postgres")}'`,
    last: /^error: Usage: the archive's name is in quotes; remove them/
  },
  {
    what: "behind a space",
    archive: ` ${url("postgres")}`,
    last: /^error: Usage: the archive's name begins or ends with a space or a line break; remove it/
  },
  {
    what: "before the line break of an env file",
    archive: `${url("postgres")}\r`,
    last: /^error: Usage: the archive's name begins or ends with a space or a line break; remove it/
  },
  {
    what: "of another scheme",
    archive: url("mysql"),
    last: /^error: Usage: the archive is a URL, but none of Postgres; give postgres:/
  },
  {
    what: "of Postgres without its slashes",
    archive: `postgres:user:${canary}@db.example/history`,
    last: /^error: Usage: the archive is a URL, but none of Postgres; give postgres:/
  },
  {
    what: "behind a word",
    archive: `COLLOQUY_ARCHIVE=${url("postgres")}`,
    last: /^error: Usage: the archive is a URL, but none of Postgres; give postgres:/
  },
  {
    what: "of a file",
    archive: "file:///tmp/history.db",
    last: /^error: Usage: the archive is a URL, but none of Postgres; give postgres:.* or the path of a file/
  },
  {
    what: "in quotes, of a file",
    archive: '"history.db"',
    last: /^error: Usage: the archive's name is in quotes; remove them/
  },
  {
    what: "of Postgres with a broken port",
    archive: url("postgres", "127.0.0.1:port"),
    last: /^error: Unreachable: the archive cannot be reached \(.*URL/
  }
]

const baseUrls: ReadonlyArray<{ readonly what: string; readonly baseUrl: string; readonly last: RegExp }> = [
  { what: "with a password", baseUrl: url("https"), last: /^error: InvalidRequest: .*has credentials in it/ },
  {
    what: "with a password and no port that there is",
    baseUrl: url("https", "api.example:99999"),
    last: /^error: InvalidRequest: .*the base URL is not a URL; give one such as/
  },
  {
    what: "in quotes",
    baseUrl: `"${url("https")}"`,
    last: /^error: Usage: the base URL is in quotes; remove them/
  },
  {
    what: "behind a space",
    baseUrl: ` ${url("https")}`,
    last: /^error: Usage: the base URL begins or ends with a space or a line break; remove it/
  },
  {
    what: "with a space in its password",
    baseUrl: `https://user:${canary} ${canary}@api.example`,
    last: /^error: Usage: the base URL has a space in it, and maybe a password/
  }
]

const check = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  last: RegExp,
  code: number
) =>
  Effect.gen(function* () {
    const result = yield* Support.colloquy([...args, "--log-level", "all"], { env })
    assert.strictEqual(result.code, code, result.stderr)
    assert.match(result.last, last)
    assert.isFalse(`${result.stdout}${result.stderr}`.includes(canary), result.stderr)
  })

describe("an archive's URL", () => {
  for (const { archive, last, what } of archives) {
    it.live(`${what}: refused, by flag and by variable, and nothing is made`, () =>
      Effect.gen(function* () {
        const before = readdirSync(".")
        const code = last.source.includes("Usage") ? 2 : 8
        yield* check(["status", "--archive", archive], {}, last, code)
        const sync = ["sync", "botuj", "--base-url", "http://127.0.0.1:9"]
        yield* check(sync, { BOTUJ_API_KEY: "key", COLLOQUY_ARCHIVE: archive }, last, code)
        assert.deepStrictEqual(readdirSync("."), before)
      })
    )
  }
})

describe("a base URL", () => {
  for (const { baseUrl, last, what } of baseUrls) {
    it.live(`${what}: refused`, () =>
      check(["pull", "botuj", "--all", "--base-url", baseUrl], { BOTUJ_API_KEY: "key" }, last, 2)
    )
  }
})

describe("a password on the command line", () => {
  it.live("that is no flag's value is not said again", () =>
    check(["status", url("postgres")], {}, /^error: Usage: .*<redacted>@db\.example/, 2)
  )
})
