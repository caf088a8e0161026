/**
 * The command with a configuration: where it is found, who may write it, what wins, and `sync` without a vendor.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Support from "./support.ts"

/** Writes a file, for its owner alone. */
const write = (path: string, text: string): string => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const account = (vendor: string, baseUrl: string, token: string) =>
  `[accounts.${vendor}.default]\nbase-url = "${baseUrl}"\ntoken = ${token}\n`

const botuj = (baseUrl: string) =>
  account("botuj", baseUrl, `{ file = "token" }`) + `[sources.support]\nvendor = "botuj"\n`

/** A configuration of two sources, one with its token in a file, the other with one that a command prints. */
const two = (folder: string, baseUrl: string): string => {
  write(join(folder, "token"), `${Support.canary}\n`)
  return write(
    join(folder, "colloquy.toml"),
    `archive = "history.db"\n${botuj(baseUrl)}${account("gptbots", baseUrl, `{ command = ["cat", "token"] }`)}[sources.sales]\nvendor = "gptbots"\nparallel = 2\n`
  )
}

describe("sync without a vendor", () => {
  it.live("brings every source up to date, with one summary and one exit code", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const config = two(folder, baseUrl)
        const first = yield* Support.colloquy(["sync", "--config", config])
        assert.strictEqual(first.code, 0, first.stderr)
        assert.strictEqual(first.stdout, "")
        assert.match(first.stderr, /^\S+ support: 6 conversations \(6 read\), [^[\]]+$/m)
        assert.match(first.stderr, /support +botuj +default +6 +\d+ +\S+ s +complete/)
        assert.match(first.stderr, /sales +gptbots +default +6 +\d+ +\S+ s +complete/)
        // The archive is beside the configuration, and other commands find it there.
        const status = yield* Support.colloquy(["status", "--strict", "--json"], {
          env: { COLLOQUY_CONFIG: config }
        })
        assert.strictEqual(status.code, 0, status.stderr)
        assert.isTrue(existsSync(join(folder, "history.db")))
        const second = yield* Support.colloquy(["sync", "--json", "--config", config])
        const lines = Support.parseLines(second.stdout)
        assert.deepStrictEqual(
          lines.map(({ account, error, source, vendor }) => ({ account, error, source, vendor })),
          [
            { account: "default", error: null, source: "support", vendor: "botuj" },
            { account: "default", error: null, source: "sales", vendor: "gptbots" }
          ]
        )
        assert.deepInclude(lines[0]?.["report"], { vendor: "botuj", added: 0 })
        assert.notInclude(first.stderr + second.stdout + second.stderr, Support.canary)
      })
    )
  )

  it.live("goes on with the other sources if one fails, and ends with its code", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const config = two(folder, baseUrl)
        const result = yield* Support.colloquy(["sync", "--config", config], {
          env: { BOTUJ_API_KEY: "another-token" }
        })
        assert.strictEqual(result.code, 3)
        assert.match(result.stderr, /support +botuj +default +– +– +– +Unauthorized/)
        assert.match(result.stderr, /sales +gptbots +default +6 .* complete/)
        assert.match(result.last, /^error: Unauthorized: support: botuj: the vendor refused the token/)
        const mistyped = write(
          join(folder, "mistyped.toml"),
          `archive = "history.db"\n[accounts.botuj.europe]\ntoken = { file = "token" }\n[sources.a]\nvendor = "botuj"\naccount = "eurpe"\n`
        )
        const account = yield* Support.colloquy(["sync", "--config", mistyped])
        assert.match(
          account.last,
          /no token; .*; the configuration has accounts\.botuj\.europe; did you mean europe\?$/
        )
        const json = yield* Support.colloquy(["sync", "--json", "--config", config, "--source", "support"], {
          env: { BOTUJ_API_KEY: "another-token" }
        })
        assert.deepInclude(Support.parseLines(json.stdout)[0], { source: "support", report: null })
        assert.strictEqual(json.code, 3)
      })
    )
  )

  it.live("says of a source what it has in quarantine", () =>
    Support.withEmulator({ faults: "malformed-record@every:1/botuj" }, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const result = yield* Support.colloquy(["sync", "--config", two(folder, baseUrl)])
        assert.strictEqual(result.code, 0, result.stderr)
        assert.match(result.stderr, /support +botuj .* complete, \d+ in quarantine$/m)
        assert.match(result.stderr, /sales +gptbots .* complete$/m)
      })
    )
  )

  it.live("picks sources by name; a vendor's own sync has the accounts, too", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const config = two(folder, baseUrl)
        const one = yield* Support.colloquy(["sync", "--config", config, "--source", "sales"])
        assert.strictEqual(one.code, 0)
        assert.notInclude(one.stderr, "botuj")
        const none = yield* Support.colloquy(["sync", "--config", config, "--source", "sale"])
        assert.strictEqual(none.code, 2)
        assert.match(none.last, /has no source sale; did you mean sales\?$/)
        const vendor = yield* Support.colloquy(["sync", "gptbots", "--config", config, "--full", "--json"])
        assert.strictEqual(vendor.code, 0, vendor.stderr)
        assert.deepInclude(Support.parseLines(vendor.stdout)[0], { vendor: "gptbots", read: 6 })
        const planned = yield* Support.colloquy(["sync", "--dry-run", "--json", "--config", config])
        assert.strictEqual(planned.code, 0)
        assert.deepStrictEqual(
          new Set(Support.parseLines(planned.stdout).map(({ source }) => source)),
          new Set(["support", "sales"])
        )
      })
    )
  )
})

describe("a configuration", () => {
  it.live("loses to a variable, and a variable to a flag", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        write(join(folder, "token"), Support.canary)
        const config = write(join(folder, "colloquy.toml"), `archive = "file.db"\n${botuj(baseUrl)}`)
        const env = { COLLOQUY_CONFIG: config, COLLOQUY_ARCHIVE: join(folder, "variable.db") }
        yield* Support.colloquy(["sync"], { env })
        assert.isTrue(existsSync(join(folder, "variable.db")))
        yield* Support.colloquy(["sync", "--archive", join(folder, "flag.db")], { env })
        assert.isTrue(existsSync(join(folder, "flag.db")))
        assert.isFalse(existsSync(join(folder, "file.db")))
        // A vendor's own command line has the account's token, base URL and limits, too.
        const pulled = yield* Support.colloquy(["pull", "botuj", "--all", "--config", config])
        assert.strictEqual(pulled.code, 0, pulled.stderr)
        assert.isAbove(Support.parseLines(pulled.stdout).length, 100)
        const elsewhere = yield* Support.colloquy([
          "pull",
          "botuj",
          "--all",
          "--config",
          config,
          "--base-url",
          "http://127.0.0.1:1"
        ])
        assert.strictEqual(elsewhere.code, 5)
        const home = yield* Support.temporaryFolder
        two(join(home, ".config/colloquy"), baseUrl)
        const ignored = yield* Support.colloquy(["sync"], { env: { HOME: home, COLLOQUY_CONFIG: "" } })
        assert.match(ignored.last, /^error: Usage: give a vendor, or a configuration/)
      })
    )
  )

  it.live("is the user's own by default, and never one of the working directory", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        two(folder, baseUrl)
        const here = yield* Support.colloquy(["sync"], { cwd: folder })
        assert.strictEqual(here.code, 2)
        assert.match(here.last, /used only if it is named: --config colloquy\.toml$/)
        assert.isFalse(existsSync(join(folder, "history.db")))
        const home = yield* Support.temporaryFolder
        two(join(home, ".config/colloquy"), baseUrl)
        const own = yield* Support.colloquy(["sync"], { env: { HOME: home } })
        assert.strictEqual(own.code, 0, own.stderr)
        const elsewhere = yield* Support.colloquy(["sync"], {
          env: { XDG_CONFIG_HOME: join(home, ".config") }
        })
        assert.strictEqual(elsewhere.code, 0, elsewhere.stderr)
      })
    )
  )

  it.live("is refused if others can write it, before any command is run", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const ran = join(folder, "ran")
      const config = write(
        join(folder, "colloquy.toml"),
        `archive = "a.db"\n[accounts.botuj.default]\ntoken = { command = ["touch", "${ran}"] }\n[sources.a]\nvendor = "botuj"\n`
      )
      for (const mode of [0o620, 0o602, 0o666]) {
        chmodSync(config, mode)
        const result = yield* Support.colloquy(["sync", "--config", config])
        assert.strictEqual(result.code, 2)
        assert.match(result.last, /can be written by others; run chmod go-w /)
        assert.isFalse(existsSync(ran))
      }
      chmodSync(config, 0o644)
      const allowed = yield* Support.colloquy(["sync", "--config", config])
      assert.match(
        allowed.last,
        /^error: Usage: a: the command touch, named for the token of botuj, .* printed nothing$/
      )
      assert.isTrue(existsSync(ran))
    })
  )

  it.live("of another user is refused", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      chmodSync(folder, 0o755)
      const config = write(join(folder, "colloquy.toml"), "")
      chmodSync(config, 0o644)
      // Where the tests do not run as root, the file is the user's own.
      if (process.getuid?.() !== 0) return
      const system = yield* Support.colloquy(["sync", "--config", config], { uid: 65_534 })
      assert.match(system.last, /has no sources/)
      chownSync(config, 65_533, 65_533)
      const other = yield* Support.colloquy(["sync", "--config", config], { uid: 65_534 })
      assert.strictEqual(other.code, 2)
      assert.match(other.last, /belongs to another user/)
    })
  )

  it.live("that is missing, no file or mistaken is an error of usage that names the place", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const missing = yield* Support.colloquy(["sync", "--config", join(folder, "none.toml")])
      assert.match(missing.last, /^error: Usage: the configuration \S+none\.toml does not exist$/)
      const noFile = yield* Support.colloquy(["sync", "--config", folder])
      assert.match(noFile.last, /is no file$/)
      const config = write(
        join(folder, "c.toml"),
        `archve = "a"\n[sources.a]\nvendor = "botuj"\nparalel = 1\n`
      )
      const mistaken = yield* Support.colloquy(["status", "--config", config])
      assert.strictEqual(mistaken.code, 2)
      assert.match(mistaken.stderr, /c\.toml:1: archve is not known; did you mean archive\?/)
      assert.match(mistaken.stderr, /c\.toml:4: sources\.a\.paralel is not known; did you mean parallel\?/)
      assert.match(mistaken.last, /^error: Usage: 2 mistakes in the configuration, the first: \S+c\.toml:1: /)
    })
  )

  it.live("says of a command what failed, and never what it printed", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const said = (command: string) =>
        Effect.map(
          Support.colloquy([
            "sync",
            "--config",
            write(
              join(folder, "c.toml"),
              `archive = "a.db"\n[accounts.botuj.default]\ntoken = { command = ${command} }\n[sources.a]\nvendor = "botuj"\n`
            )
          ]),
          ({ stderr }) => {
            assert.notInclude(stderr, "secret-word")
            return stderr
          }
        )
      assert.match(yield* said(`["no-such-program"]`), /the command no-such-program, .* cannot be run/)
      assert.match(yield* said(`["sh", "-c", "echo secret-word; exit 3"]`), /ended with exit code 3/)
      assert.match(yield* said(`["false"]`), /ended with exit code 1/)
      assert.match(yield* said(`["true"]`), /printed nothing/)
      assert.match(yield* said(`["head", "-c", "70000", "/dev/zero"]`), /holds more than 64 KiB/)
      // A program that prints without end is not waited for.
      assert.match(yield* said(`["yes"]`), /holds more than 64 KiB/)
    })
  )
})

describe("a token", () => {
  it.live("is read once for all sources of an account", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const counted = `echo x >> count; echo ${Support.canary}`
        const sources = ["a", "b", "c"].map(
          (name) => `[sources.${name}]\nvendor = "gptbots"\ntype = "${name.toUpperCase()}"\n`
        )
        const config = write(
          join(folder, "c.toml"),
          `archive = "a.db"\n${account("gptbots", baseUrl, `{ command = ["sh", "-c", "${counted}"] }`)}${sources.join("")}`
        )
        const result = yield* Support.colloquy(["sync", "--config", config])
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(readFileSync(join(folder, "count"), "utf8"), "x\n")
      })
    )
  )

  it.live("or a password that stands in a wrong place is not repeated, in JSON neither", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const config = (token: string, archive = "a.db") =>
        write(
          join(folder, "c.toml"),
          `archive = ${JSON.stringify(archive)}\n[accounts.botuj.default]\ntoken = ${token}\n[sources.a]\nvendor = "botuj"\n`
        )
      for (const token of [
        `{ file = "https://user:${Support.canary}@vault/x" }`,
        `{ command = ["https://user:${Support.canary}@vault/x"] }`,
        `{ variable = "${Support.canary}" }`
      ]) {
        const { code, stderr, stdout } = yield* Support.colloquy([
          "sync",
          "--json",
          "--config",
          config(token)
        ])
        assert.strictEqual(code, 2)
        assert.notInclude(stdout + stderr, Support.canary)
      }
      const words = yield* Support.colloquy(["status"], {
        env: { COLLOQUY_ARCHIVE: `host=h password=${Support.canary}` }
      })
      assert.match(words.last, /^error: Usage: the archive is neither a file nor a URL/)
      const homeless = yield* Support.colloquy(["sync", "--config", config(`{ variable = "A" }`, "~/a.db")])
      assert.match(homeless.last, /there is no home for the path ~\/a\.db; set HOME$/)
    })
  )

  it.live("that was replaced meanwhile is read again when the vendor refuses it", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const rotated = `if mkdir used 2>/dev/null; then echo an-old-token; else echo ${Support.canary}; fi`
        const config = write(
          join(folder, "c.toml"),
          `archive = "a.db"\n${account("botuj", baseUrl, `{ command = ["sh", "-c", "${rotated}"] }`)}[sources.a]\nvendor = "botuj"\n`
        )
        const result = yield* Support.colloquy(["sync", "--config", config])
        assert.strictEqual(result.code, 0, result.stderr)
        assert.isTrue(existsSync(join(folder, "used")))
        assert.notInclude(result.stderr, "an-old-token")
      })
    )
  )
})

describe("init", () => {
  it.live("writes a configuration for its owner alone, and keeps an existing one", () =>
    Effect.gen(function* () {
      const home = yield* Support.temporaryFolder
      const env = { HOME: home }
      const path = join(home, ".config/colloquy/colloquy.toml")
      const first = yield* Support.colloquy(["init"], { env })
      assert.strictEqual(first.code, 0, first.stderr)
      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
      assert.isTrue(existsSync(join(home, ".config/colloquy/colloquy.schema.json")))
      const ready = yield* Support.colloquy(["sync"], { env })
      assert.match(ready.last, /has no sources; add \[sources\.NAME\]$/)
      writeFileSync(path, "# mine\n")
      const second = yield* Support.colloquy(["init"], { env })
      assert.strictEqual(second.code, 2)
      assert.match(second.last, /exists; edit it/)
      assert.strictEqual(readFileSync(path, "utf8"), "# mine\n")
      const schema = yield* Support.colloquy(["init", "--schema"])
      assert.hasAllKeys(JSON.parse(schema.stdout).properties, [
        "archive",
        "vendors",
        "defaults",
        "accounts",
        "sources"
      ])
      const nowhere = yield* Support.colloquy(["init"])
      assert.match(nowhere.last, /give --config FILE$/)
    })
  )
})
