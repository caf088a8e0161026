/**
 * What a terminal shows: the line of progress, tables, help and hints, however narrow it is.
 */
import * as Configuration from "colloquy/Configuration"
import * as Invocation from "colloquy/Invocation"
import * as Progress from "colloquy/Progress"
import * as StatusSummary from "colloquy/StatusSummary"
import { nearest } from "colloquy/terminal/Nearest"
import { fitted } from "colloquy/terminal/ProgressLine"
import * as Table from "colloquy/terminal/Table"
import * as Wrapping from "colloquy/terminal/Wrapping"
import { Source } from "@colloquy/core"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import * as Support from "./support.ts"

const names = { vendor: "botuj", account: "default" }

describe("the line of progress", () => {
  it.effect("counts waits on the rate limit, and how many conversations the list has", () =>
    Effect.gen(function* () {
      const progress = yield* Progress.make(names)
      const source = Progress.listening(
        progress,
        Source.fromConversations([
          { id: "1", messages: [] },
          { id: "2", messages: [] },
          { id: "3", messages: [] }
        ])
      )
      yield* Stream.runDrain(source.conversationPages())
      for (const wait of [Duration.seconds(70), Duration.seconds(2)]) {
        yield* Progress.onRequest(progress)({ _tag: "Retrying" })
        yield* Progress.onRequest(progress)({ _tag: "Waited", wait })
      }
      progress.conversations = 1
      progress.messages = 1200
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Progress.line([progress], "new message"), [
        "botuj: 1 of 3 conversations",
        "rate limited 2×",
        "1,200 new messages",
        "waited 1 min 12 s",
        "about 20 s left",
        "120/s",
        "0 pages",
        "2 retries"
      ])
    })
  )

  it.effect("has no messages where only a list is read, and one is not many", () =>
    Effect.gen(function* () {
      const progress = yield* Progress.make(names)
      const source = Source.fromConversations([{ id: "1", messages: [] }])
      yield* Stream.runForEach(source.conversationPages(), (page) =>
        Effect.sync(() => Progress.addConversations(progress, page))
      )
      progress.retries = 1
      yield* TestClock.adjust("1 second")
      const line = yield* Progress.line([progress], "conversation")
      assert.deepStrictEqual(line, ["botuj: 1 conversation", "1/s", "1 page", "1 retry"])
    })
  )

  it("leaves out what does not fit behind the more important parts, and cuts only the first", () => {
    const parts = [
      "botuj: 12 of 40 conversations",
      "rate limited 2×",
      "1,200 new messages",
      "about 20 s left",
      "9/s"
    ]
    assert.strictEqual(fitted(parts, 120), parts.join(", "))
    assert.strictEqual(fitted(parts, 60), `${parts[0]}, ${parts[1]}, ${parts[4]}`)
    assert.strictEqual(fitted(parts, 20), "botuj: 12 of 40 co…")
    assert.strictEqual(fitted(parts, 0), parts.join(", "))
    for (let columns = 2; columns < 100; columns++) assert.isBelow(fitted(parts, columns).length, columns)
  })
})

describe("a table", () => {
  const columns = [
    { title: "vendor", numeric: false },
    { title: "stored", numeric: true },
    { title: "why", numeric: false }
  ]
  const rows = [["botuj", "1,200", "the vendor claims 3 more; 2 records in quarantine"]]

  it("is as wide as it needs where there is room", () => {
    assert.strictEqual(
      Table.render(columns, rows),
      [
        "vendor  stored  why",
        `──────${"─".repeat(2 + 6 + 2 + 49)}`,
        "botuj    1,200  the vendor claims 3 more; 2 records in quarantine"
      ].join("\n")
    )
    assert.strictEqual(Table.render(columns, rows, 65), Table.render(columns, rows))
  })

  it("wraps its last column where that is enough", () => {
    assert.strictEqual(
      Table.render(columns, rows, 45),
      [
        "vendor  stored  why",
        "─".repeat(45),
        "botuj    1,200  the vendor claims 3 more; 2",
        "                records in quarantine"
      ].join("\n")
    )
  })

  it("becomes records where it is too narrow", () => {
    assert.strictEqual(
      Table.render(columns, [...rows, ["chatling", "1", "–"]], 30),
      [
        "vendor  botuj",
        "stored  1,200",
        "why     the vendor claims 3",
        "        more; 2 records in",
        "        quarantine",
        "",
        "vendor  chatling",
        "stored  1",
        "why     –"
      ].join("\n")
    )
  })

  it("of accounts says over how many conversations a vendor claims messages", () => {
    const account = {
      ...names,
      conversations: 228,
      messages: 1300,
      gone: 0,
      suspected: 0,
      vanished: 0,
      quarantined: 0,
      claimed: 1272,
      unclaimed: 28,
      complete: 228,
      short: 0,
      over: 0,
      partial: 0,
      failed: 0,
      unread: 0,
      oldestWholeAt: null,
      lastReadAt: null
    }
    assert.include(StatusSummary.accountTable([account]), " 1,272 in 200 conversations ")
  })
})

describe("help", () => {
  const text = [
    "DESCRIPTION",
    "  Reads conversation history from chatbot vendors.",
    "",
    "FLAGS",
    "  --all          Read every conversation that the vendor lists",
    "  --quarantine-rows-of-all N    Stop if more records cannot be decoded",
    "EXAMPLES",
    "  # Every message of every conversation",
    "  colloquy pull chatling --chatbot 123 --all --out messages.ndjson"
  ].join("\n")

  it("is wrapped in its columns; commands stay whole", () => {
    assert.strictEqual(Wrapping.help(text, 100), text.replace("\nEXAMPLES", "\n\nEXAMPLES"))
    assert.strictEqual(
      Wrapping.help(text, 48),
      [
        "DESCRIPTION",
        "  Reads conversation history from chatbot",
        "  vendors.",
        "",
        "FLAGS",
        "  --all          Read every conversation that",
        "                 the vendor lists",
        "  --quarantine-rows-of-all N",
        "      Stop if more records cannot be decoded",
        "",
        "EXAMPLES",
        "  # Every message of every conversation",
        "  colloquy pull chatling --chatbot 123 --all --out messages.ndjson"
      ].join("\n")
    )
  })
})

describe("the nearest match", () => {
  const words = ["opencopilot", "chatling", "botuj", "gptbots", "sg", "th", "jp"]

  it.each([
    ["chatlin", "chatling"],
    ["Chatling", "chatling"],
    ["gptbtos", "gptbots"],
    ["opencopilto", "opencopilot"],
    ["sgg", "sg"],
    ["hk", undefined],
    ["zendesk", undefined],
    ["", undefined]
  ])("of %s is %s", (word, meant) => {
    assert.strictEqual(nearest(word, words), meant)
  })
})

describe("a hint", () => {
  it.effect("names the archive as a shell takes it, and no password", () =>
    Effect.gen(function* () {
      const command = (archive: string) => Invocation.command("status", { archive: Option.some(archive) })
      assert.match(yield* command("my 'h'.db"), / status --archive 'my '\\''h'\\''\.db'$/)
      assert.match(yield* command("a/history.db"), / status --archive a\/history\.db$/)
      assert.match(yield* command("postgres://db/h"), / status --archive postgres:\/\/db\/h$/)
      assert.match(yield* command("postgres://me:secret@db/h"), / status --archive URL$/)
      assert.match(yield* Invocation.command("status", { archive: Option.none() }), / status$/)
      assert.match(
        yield* Effect.provideService(
          Invocation.command("status", { archive: Option.none() }),
          Configuration.flag,
          Option.some("my c.toml")
        ),
        / status --config 'my c\.toml'$/
      )
    }).pipe(Effect.provideService(Configuration.flag, Option.none()))
  )

  it.live("behind a sync names the archive that the sync was given; a rate limit is no line of its own", () =>
    Support.withEmulator({ faults: "malformed-record=3/botuj,429=0@every:3", conversations: 2 }, (baseUrl) =>
      Effect.gen(function* () {
        const archive = join(yield* Support.temporaryFolder, "my history.db")
        const given = ["--base-url", baseUrl, "--archive", archive]
        const result = yield* Support.colloquy(["sync", "botuj", ...given], { env: Support.tokens })
        assert.strictEqual(result.code, 0, result.stderr)
        assert.match(result.last, /look at them with colloquy quarantine list --archive '.*my history\.db'$/)
        assert.notMatch(result.stderr, /rate limited/)
        const strict = yield* Support.colloquy(["status", "--strict", "--archive", archive])
        assert.match(strict.last, /look at colloquy quarantine list --archive '.*my history\.db'/)
      }).pipe(Effect.scoped)
    )
  )
})

describe("a summary", () => {
  it.live("of a list counts no messages, and one is not many", () =>
    Support.withEmulator({ conversations: 1, messages: 5 }, (baseUrl) =>
      Effect.gen(function* () {
        const list = ["conversations", "botuj", "--base-url", baseUrl]
        const listed = yield* Support.colloquy(list, { env: Support.tokens })
        assert.match(listed.last, /^botuj: complete\. 1 conversation, \d pages?, 0 retries in /)
        const pull = ["pull", "botuj", "--all", "--base-url", baseUrl]
        const pulled = yield* Support.colloquy(pull, { env: Support.tokens })
        assert.match(pulled.last, /^botuj: complete\. 1 conversation, 5 messages, \d pages?, 0 retries in /)
      })
    )
  )
})
