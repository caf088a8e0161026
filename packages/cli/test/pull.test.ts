/**
 * `pull` and `conversations` as a process over a socket.
 */
import { Conversation, Message, Note } from "@colloquy/core"
import { Corpus } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

const { which } = Support
const vendors = Corpus.Vendor.literals
const isMessage = Schema.is(Message)
const isConversation = Schema.is(Conversation)
const env = Support.tokens

const corpus = Corpus.make({ conversations: 6, messages: 130 })
const held = (vendor: Corpus.Vendor): number => {
  const { conversationIds } = corpus[vendor]
  return Array.from(
    { length: conversationIds.length },
    (_, at) => Corpus.messages(corpus, vendor, conversationIds.at(at))?.length ?? 0
  ).reduce((sum, length) => sum + length, 0)
}

describe("pull --all", () => {
  for (const vendor of vendors) {
    it.live(`reads every message of ${vendor}`, () =>
      Support.withEmulator({}, (baseUrl) =>
        Effect.gen(function* () {
          const args = ["pull", vendor, ...which(vendor), "--all", "--base-url", baseUrl, "--json"]
          const result = yield* Support.colloquy(args, { env })
          assert.strictEqual(result.code, 0, result.stderr)
          const messages = Support.parseLines(result.stdout)
          assert.strictEqual(messages.length, held(vendor))
          assert.isTrue(messages.every(isMessage))
          const keys = new Set(messages.map(({ conversationId, id }) => JSON.stringify([conversationId, id])))
          assert.strictEqual(keys.size, messages.length)
          const summary = JSON.parse(result.last)
          assert.strictEqual(summary.messages, messages.length)
          assert.strictEqual(summary.conversations, corpus[vendor].conversationIds.length)
          const { mended, notes, unverified } = summary
          assert.deepStrictEqual(Note.inWords(notes), { mended, unverified, notes })
        })
      )
    )

    it.live(`lists every conversation of ${vendor}`, () =>
      Support.withEmulator({}, (baseUrl) =>
        Effect.gen(function* () {
          const result = yield* Support.colloquy(
            ["conversations", vendor, ...which(vendor), "--base-url", baseUrl],
            { env }
          )
          assert.strictEqual(result.code, 0, result.stderr)
          const conversations = Support.parseLines(result.stdout)
          assert.isTrue(conversations.every(isConversation))
          const { conversationIds } = corpus[vendor]
          const expected = Array.from({ length: conversationIds.length }, (_, at) =>
            String(conversationIds.at(at))
          )
          assert.deepStrictEqual(conversations.map(({ id }) => String(id)).sort(), expected.sort())
        })
      )
    )
  }

  it.live("mends what can be mended: broken bodies, 5xx, resets, rate limits, a clamped size", () =>
    Support.withEmulator(
      { faults: "503@first:1,truncate@every:11,cut@every:17,reset@every:23,429=0@every:19,clamp=30" },
      (baseUrl) =>
        Effect.gen(function* () {
          const result = yield* Support.colloquy(["pull", "gptbots", "--all", "--base-url", baseUrl], { env })
          assert.strictEqual(result.code, 0, result.stderr)
          assert.strictEqual(Support.parseLines(result.stdout).length, held("gptbots"))
        })
    )
  )
})

describe("pull --conversation", () => {
  it.live("takes ids with |, /, spaces and letters beyond ASCII", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const { conversationIds } = corpus.opencopilot
        const ids = Array.from({ length: conversationIds.length }, (_, at) => conversationIds.at(at))
        const odd = ids.find((id) => /\//.test(id) && / /.test(id) && /[^ -~]/.test(id)) ?? ""
        assert.notStrictEqual(odd, "")
        const result = yield* Support.colloquy(
          ["pull", "opencopilot", "--bot", "demo-bot", "--conversation", odd, "--base-url", baseUrl],
          { env }
        )
        assert.strictEqual(result.code, 0, result.stderr)
        const messages = Support.parseLines(result.stdout)
        assert.strictEqual(messages.length, corpus.opencopilot.messages(odd)?.length)
        assert.isTrue(messages.every(({ conversationId }) => conversationId === odd))
      })
    )
  )

  it.live("reads GPTBots' v2 on request, with the same ids", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const ids = (api: string) =>
          Effect.map(
            Support.colloquy(["pull", "gptbots", "--all", "--api", api, "--base-url", baseUrl], { env }),
            ({ stdout }) => Support.parseLines(stdout).map(({ id }) => id)
          )
        const v1 = yield* ids("v1")
        assert.strictEqual(v1.length, held("gptbots"))
        assert.deepStrictEqual(yield* ids("v2"), v1)
      })
    )
  )
})

describe("--out", () => {
  it.live("writes the whole file, and nothing beside it", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const out = join(folder, "messages.ndjson")
        const result = yield* Support.colloquy(
          ["pull", "botuj", "--all", "--base-url", baseUrl, "--out", out],
          { env }
        )
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(result.stdout, "")
        assert.strictEqual(Support.parseLines(readFileSync(out, "utf8")).length, held("botuj"))
        assert.deepStrictEqual(readdirSync(folder), ["messages.ndjson"])
      }).pipe(Effect.scoped)
    )
  )

  it.live("leaves what was there when the walk fails, and nothing half-written", () =>
    Support.withEmulator({ faults: "ignore-page" }, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const out = join(folder, "messages.ndjson")
        writeFileSync(out, "the old one\n")
        const result = yield* Support.colloquy(
          ["pull", "botuj", "--all", "--base-url", baseUrl, "--out", out],
          { env }
        )
        assert.strictEqual(result.code, 6)
        assert.strictEqual(readFileSync(out, "utf8"), "the old one\n")
        assert.deepStrictEqual(readdirSync(folder), ["messages.ndjson"])
      }).pipe(Effect.scoped)
    )
  )

  it.live("is its owner's alone, whatever the umask and whoever else writes to it", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const out = join(folder, "messages.ndjson")
        const other = join(folder, "other.txt")
        writeFileSync(other, "another file\n")
        symlinkSync(other, `${out}.partial`)
        const pull = (vendor: string) => `colloquy pull ${vendor} --all --base-url ${baseUrl} --out ${out}`
        const line = `umask 0; ${pull("botuj")} & ${pull("gptbots")} & wait -n && wait`
        const result = yield* Support.shell(line, env)
        assert.strictEqual(result.code, 0, result.stderr)
        const lines = Support.parseLines(readFileSync(out, "utf8"))
        const [first] = lines
        assert.isTrue(lines.every(({ vendor }) => vendor === first?.["vendor"]))
        assert.strictEqual(lines.length, held(first?.["vendor"] === "botuj" ? "botuj" : "gptbots"))
        assert.strictEqual(statSync(out).mode & 0o777, 0o600)
        assert.strictEqual(readFileSync(other, "utf8"), "another file\n")
        assert.deepStrictEqual(readdirSync(folder).sort(), [
          "messages.ndjson",
          "messages.ndjson.partial",
          "other.txt"
        ])
      }).pipe(Effect.scoped)
    )
  )

  it.live("replaces a file and nothing else: a pipe, a device or a folder stays", () =>
    Effect.gen(function* () {
      const folder = yield* Support.temporaryFolder
      const result = yield* Support.shell(
        `mkfifo ${folder}/pipe; mkdir ${folder}/sub; ln -s /dev/null ${folder}/null
        for name in pipe sub null; do
          colloquy pull botuj --all --base-url http://127.0.0.1:9 --out ${folder}/$name; echo $?
        done`,
        env
      )
      assert.strictEqual(result.stdout, "8\n8\n8\n", result.stderr)
      assert.match(result.last, /^error: Storage: .*null is no file, and nothing else is replaced/)
      assert.deepStrictEqual(readdirSync(folder).sort(), ["null", "pipe", "sub"])
    }).pipe(Effect.scoped)
  )

  it.live("says so where the folder does not exist", () =>
    Support.withEmulator({}, (baseUrl) =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        const out = join(folder, "no", "such", "folder.ndjson")
        const result = yield* Support.colloquy(
          ["pull", "botuj", "--all", "--base-url", baseUrl, "--out", out],
          { env }
        )
        assert.strictEqual(result.code, 8)
        assert.match(result.last, /^error: Storage: .*folder\.ndjson cannot be written/)
        assert.isFalse(existsSync(out))
      }).pipe(Effect.scoped)
    )
  )
})

describe("a closed pipe", () => {
  it.live("ends the command quietly, and claims nothing", () =>
    Support.withEmulator({ messages: 20_000, conversations: 2 }, (baseUrl) =>
      Effect.gen(function* () {
        const result = yield* Support.shell(
          `colloquy pull botuj --all --base-url ${baseUrl} | head -n 1`,
          env
        )
        assert.strictEqual(result.code, 0, result.stderr)
        assert.strictEqual(Support.parseLines(result.stdout).length, 1)
        assert.strictEqual(result.stderr, "")
      })
    )
  )
})

describe("Ctrl-C", () => {
  it.live("ends with 130 and says so in the last line", () =>
    Support.withEmulator({ messages: 20_000, conversations: 2, faults: "latency=20" }, (baseUrl) =>
      Effect.gen(function* () {
        const result = yield* Support.colloquy(["pull", "botuj", "--all", "--base-url", baseUrl], {
          env,
          signalOn: { stdout: "\n", signal: "SIGINT" }
        })
        assert.strictEqual(result.code, 130)
        assert.match(result.last, /^error: Interrupted: /)
      })
    )
  )
})

describe("--max-pages", () => {
  it.live("writes so many pages of a listing that goes on, and fails with what it read", () =>
    Support.withEmulator({ conversations: 30 }, (baseUrl) =>
      Effect.gen(function* () {
        const args = [
          "conversations",
          "botuj",
          "--page-size",
          "10",
          "--max-pages",
          "2",
          "--base-url",
          baseUrl
        ]
        const result = yield* Support.colloquy(args, { env })
        assert.strictEqual(result.code, 6, result.stderr)
        assert.match(
          result.last,
          /^error: IncompleteWalk: .*pageLimit: 2 pages were read.*; 20 rows were read/
        )
        assert.strictEqual(Support.parseLines(result.stdout).length, 20)
      })
    )
  )
})
