/**
 * `status`, `quarantine` and `forget` as processes, and what they say where there is no archive.
 */
import { Corpus } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { postgres } from "./postgres.ts"
import * as Support from "./support.ts"

const env = Support.tokens
const corpus = Corpus.make({ conversations: 6, messages: 130 })

const run = (archive: string, ...args: ReadonlyArray<string>) =>
  Support.colloquy(args, { env: { ...env, COLLOQUY_ARCHIVE: archive } })

const syncOf = (baseUrl: string) => ["sync", "botuj", "--base-url", baseUrl, "--json"]

const inFolder = <A, E>(faults: string, test: (baseUrl: string, archive: string) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const folder = yield* Support.temporaryFolder
    yield* Support.withEmulator({ faults }, (baseUrl) => test(baseUrl, join(folder, "history.db")))
  }).pipe(Effect.scoped)

describe("quarantine", () => {
  it.live("lists, shows, replays and discards what could not be decoded", () =>
    inFolder("malformed-record=3/botuj", (baseUrl, archive) =>
      Effect.gen(function* () {
        const synced = yield* run(archive, ...syncOf(baseUrl))
        assert.strictEqual(synced.code, 0, synced.stderr)
        assert.match(synced.last, /records could not be decoded; look at them with colloquy quarantine list/)
        const { quarantined } = JSON.parse(synced.stdout)
        assert.isAbove(quarantined, 2)

        const listed = yield* run(archive, "quarantine", "list")
        assert.strictEqual(listed.stdout.trimEnd().split("\n").length, 2 + quarantined)
        const lines = yield* run(archive, "quarantine", "list", "--json", "--vendor", "botuj")
        const records = Support.parseLines(lines.stdout)
        assert.strictEqual(records.length, quarantined)
        const id = String(records[0]?.["id"])
        const shown = yield* run(archive, "quarantine", "show", id)
        assert.strictEqual(shown.code, 0, shown.stderr)
        assert.include(shown.stdout, '"id": [\n    false\n  ]')

        const before = yield* Support.requestsAt(baseUrl)
        const replayed = yield* run(archive, "quarantine", "replay", "--json")
        assert.deepStrictEqual(JSON.parse(replayed.stdout), { replayed: 0, remaining: quarantined })
        assert.strictEqual(yield* Support.requestsAt(baseUrl), before)

        const discarded = yield* run(archive, "quarantine", "discard", id)
        assert.match(discarded.last, /^1 record discarded/)
        const gone = yield* run(archive, "quarantine", "show", id)
        assert.strictEqual(gone.code, 4)
        assert.strictEqual(
          gone.last,
          `error: NotFound: the archive has no record ${id} in quarantine; check the id`
        )
        const broken = yield* run(archive, "status")
        assert.match(broken.stdout, / quarantined /)
        const [conversationId] = records.flatMap((record) => record["conversationId"] ?? [])
        const one = yield* run(archive, "status", "--conversation", String(conversationId))
        assert.match(one.stdout, /standing +quarantined: \d+ records? in quarantine/)
        const strict = yield* run(archive, "status", "--strict")
        assert.strictEqual(strict.code, 6)
        assert.match(strict.last, new RegExp(`^error: Short: .*${quarantined - 1} records in quarantine`))
        assert.match(strict.last, /conversations not complete \(\d quarantined\)/)
      })
    )
  )

  it.live("shows nothing of a record that a terminal would obey", () =>
    inFolder("malformed-record=3/botuj", (baseUrl, archive) =>
      Effect.gen(function* () {
        yield* run(archive, ...syncOf(baseUrl))
        const vicious = "\u001b[2J\u009b2J\u202egnp.\u2066\u200f\u2028\u007f"
        const db = new DatabaseSync(archive)
        db.prepare("UPDATE quarantine SET problem = ?, json = ?").run(vicious, JSON.stringify([vicious]))
        db.prepare("UPDATE checkpoints SET failure = ?, failed_at = ?").run(vicious, "2026-01-01T00:00:00Z")
        db.close()
        const listed = yield* run(archive, "quarantine", "list", "--json")
        const [record] = Support.parseLines(listed.stdout)
        assert.deepStrictEqual(record?.["json"], [vicious])
        const shown = yield* run(archive, "quarantine", "show", String(record?.["id"]))
        assert.include(shown.stdout, "\\u202egnp.")
        const others = [["quarantine", "list"], ["status"], ["quarantine", "replay"]]
        for (const { stderr, stdout } of [
          shown,
          ...(yield* Effect.forEach(others, (args) => run(archive, ...args)))
        ]) {
          assert.notMatch(`${stdout}${stderr}`.replaceAll("\n", ""), /[\p{Cc}\p{Zl}\p{Bidi_Control}]/u)
        }
      })
    )
  )

  it.live("has a budget: more than that stops a sync with exit 7", () =>
    inFolder("malformed-record=0/botuj", (baseUrl, archive) =>
      Effect.gen(function* () {
        const result = yield* run(archive, ...syncOf(baseUrl), "--quarantine-rows", "1")
        assert.strictEqual(result.code, 7, result.stderr)
        assert.match(result.last, /^error: QuarantineFull: \d+ of \d+ records .*quarantine list/)
      })
    )
  )
})

/** What the list told of a conversation, as the archive has it. */
const extraOf = (archive: string, id: string): string => {
  const db = new DatabaseSync(archive, { readOnly: true })
  const row = db.prepare("SELECT extra FROM conversations WHERE id = ?").get(id)
  db.close()
  return String(row?.["extra"])
}

describe("forget", () => {
  it.live("erases a conversation, and no sync brings it back", () =>
    inFolder("", (baseUrl, archive) =>
      Effect.gen(function* () {
        yield* run(archive, ...syncOf(baseUrl))
        const id = String(corpus.botuj.conversationIds.at(1))
        const messages = corpus.botuj.messages(id)?.length
        const forget = ["forget", "--vendor", "botuj", "--conversation", id]
        const erased = yield* run(archive, ...forget, "--json")
        assert.strictEqual(erased.code, 0, erased.stderr)
        assert.deepInclude(JSON.parse(erased.stdout), { conversations: 1, messages })
        assert.match(erased.last, /^erased of conversation .*: 1 conversation, .*a salted hash/)
        const again = yield* run(archive, ...syncOf(baseUrl))
        assert.strictEqual(JSON.parse(again.stdout).added, 0)
        const status = yield* run(archive, "status", "--conversation", id)
        assert.strictEqual(status.code, 4)
        assert.match(status.last, /^error: NotFound: nothing in the archive matches --conversation /)
        const nothing = yield* run(archive, ...forget)
        assert.strictEqual(nothing.code, 4)
        assert.match(nothing.last, /^error: NotFound: the archive has nothing of conversation/)
        // Who asks to be forgotten may be ahead of the first sync.
        const ahead = yield* run(archive, "forget", "--vendor", "chatling", "--user", "nobody-yet")
        assert.strictEqual(ahead.code, 0)
        assert.match(ahead.last, /^the archive has nothing of user nobody-yet .*no sync brings it back/)
      })
    )
  )

  it.live(
    "is tried out, erases a person's first words from what the list tells, is listed, and undone",
    () =>
      inFolder("", (baseUrl, archive) =>
        Effect.gen(function* () {
          yield* run(archive, ...syncOf(baseUrl))
          const id = String(corpus.botuj.conversationIds.at(0))
          const user = String(corpus.botuj.messages(id)?.at(0)?.userId)
          const forget = ["forget", "--vendor", "botuj", "--user", user]
          const isThere = () => extraOf(archive, id).includes("firstUserMessage")
          const tried = yield* run(archive, ...forget, "--dry-run", "--json")
          assert.strictEqual(tried.code, 0, tried.stderr)
          assert.match(tried.last, /^dry run, nothing was written\. Of user .* it would be noted/)
          assert.isTrue(isThere())
          const erased = yield* run(archive, ...forget, "--json")
          assert.strictEqual(erased.stdout, tried.stdout)
          assert.isAbove(JSON.parse(erased.stdout).redacted, 0)
          assert.isFalse(isThere())
          yield* run(archive, ...syncOf(baseUrl), "--full")
          assert.isFalse(isThere())
          const listed = yield* run(archive, "forget", "--list", "--json")
          assert.deepStrictEqual(
            Support.parseLines(listed.stdout).map(({ kind }) => kind),
            ["user"]
          )
          assert.notInclude(listed.stdout, user)
          assert.match((yield* run(archive, "forget", "--list")).stdout, /kind +forgotten +hash/)
          const undone = yield* run(archive, ...forget, "--undo")
          assert.strictEqual(undone.code, 0, undone.stderr)
          const again = yield* run(archive, ...forget, "--undo")
          assert.strictEqual(again.code, 4)
          assert.match(again.last, /^error: NotFound: user .* was not forgotten/)
          const back = yield* run(archive, ...syncOf(baseUrl))
          assert.strictEqual(JSON.parse(back.stdout).added, JSON.parse(erased.stdout).messages)
          assert.strictEqual((yield* run(archive, "status", "--strict")).code, 0)
        })
      ),
    90_000
  )
})

describe("Postgres", () => {
  it.live(
    "is no archive before a sync, and one after it; a dry run writes nothing",
    () =>
      Effect.gen(function* () {
        const { fresh } = yield* postgres
        const url = Redacted.value(yield* fresh)
        yield* Support.withEmulator({}, (baseUrl) =>
          Effect.gen(function* () {
            const planned = yield* run(url, ...syncOf(baseUrl), "--dry-run")
            assert.strictEqual(planned.code, 0, planned.stderr)
            assert.strictEqual(Support.parseLines(planned.stdout).length, 6)
            const missing = yield* run(url, "status")
            assert.strictEqual(missing.code, 8, missing.stderr)
            assert.match(missing.last, /^error: Unreachable: there is no archive in that database/)
            const synced = yield* run(url, ...syncOf(baseUrl))
            assert.strictEqual(synced.code, 0, synced.stderr)
            const status = yield* run(url, "status", "--strict")
            assert.strictEqual(status.code, 0, status.stderr)
            assert.match(status.stdout, /botuj +default +6 +6/)
          })
        )
      }).pipe(Effect.scoped),
    60_000
  )
})

interface Case {
  readonly what: string
  /** `FOLDER` stands for an empty folder with a file `text.db` that is no database. */
  readonly args: ReadonlyArray<string>
  readonly code: number
  readonly last: RegExp
}

const cases: ReadonlyArray<Case> = [
  {
    what: "status of a file that is not there",
    args: ["status", "--archive", "FOLDER/none.db"],
    code: 8,
    last: /^error: Unreachable: there is no archive .*none\.db; check the path, or make it with colloquy sync/
  },
  {
    what: "forget in a file that is not there",
    args: ["forget", "--vendor", "botuj", "--user", "1", "--archive", "FOLDER/none.db"],
    code: 8,
    last: /^error: Unreachable: there is no archive/
  },
  {
    what: "status of a file that is no database",
    args: ["status", "--archive", "FOLDER/text.db"],
    code: 8,
    last: /^error: Corrupt: this is no archive, or it is damaged/
  },
  {
    what: "sync into a folder that is not there",
    args: ["sync", "botuj", "--archive", "FOLDER/no/history.db"],
    code: 8,
    last: /^error: Unreachable: the archive's folder .*no does not exist; make it/
  },
  {
    what: "a server that is not there, its password unsaid",
    args: ["status", "--archive", `postgres://user:${Support.canary}@127.0.0.1:1/archive`],
    code: 8,
    last: /^error: Unreachable: the archive cannot be reached/
  },
  {
    what: "no archive",
    args: ["status"],
    code: 2,
    last: /^error: Usage: no archive; give --archive FILE\|URL, set COLLOQUY_ARCHIVE, or write archive in the configuration/
  },
  {
    what: "a lookback that is no duration",
    args: ["sync", "botuj", "--archive", "FOLDER/a.db", "--lookback", "week"],
    code: 2,
    last: /^error: Usage: .*--lookback: "week"\. Expected: a duration such as 7d, 12h/
  },
  {
    what: "too many at once",
    args: ["sync", "botuj", "--archive", "FOLDER/a.db", "--parallel", "65"],
    code: 2,
    last: /^error: Usage: .*--parallel: "65"\. Expected: a number from 1 to 64/
  },
  {
    what: "OpenCopilot without bot and organization",
    args: ["sync", "opencopilot", "--archive", "FOLDER/a.db"],
    code: 2,
    last: /^error: Usage: give --bot ID or --organization ID/
  },
  {
    what: "forget of nobody's",
    args: ["forget", "--user", "1", "--archive", "FOLDER/text.db"],
    code: 2,
    last: /^error: Usage: give --vendor NAME/
  },
  {
    what: "forget that is listed and undone at once",
    args: ["forget", "--list", "--undo", "--archive", "FOLDER/text.db"],
    code: 2,
    last: /^error: Usage: give one of --list and --undo/
  },
  {
    what: "forget of both a conversation and a user",
    args: [
      "forget",
      "--vendor",
      "botuj",
      "--user",
      "1",
      "--conversation",
      "2",
      "--archive",
      "FOLDER/text.db"
    ],
    code: 2,
    last: /^error: Usage: give either --conversation ID or --user ID/
  }
]

describe("without an archive", () => {
  for (const { args, code, last, what } of cases) {
    it.live(`${what}: exit ${code}, says what to do, and makes nothing`, () =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const text = join(folder, "text.db")
        writeFileSync(text, "this is a text, and a text is no database\n".repeat(30))
        const result = yield* Support.colloquy(
          args.map((each) => each.replace("FOLDER", folder)),
          { env }
        )
        assert.strictEqual(result.code, code, result.stderr)
        assert.match(result.last, last)
        assert.isFalse(result.stderr.includes(Support.canary))
        assert.deepStrictEqual(readdirSync(folder), ["text.db"])
        assert.match(readFileSync(text, "utf8"), /^this is a text/)
        assert.isTrue(existsSync(text))
      }).pipe(Effect.scoped)
    )
  }
})
