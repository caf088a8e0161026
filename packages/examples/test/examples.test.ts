/**
 * Every example as its readers run it: a process, with an emulator on a socket.
 */
import { Corpus, Emulator, EmulatorServer, Faults } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { execFile, spawn } from "node:child_process"
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const sources = join(import.meta.dirname, "../src")
const chatbot = "demo-chatbot"

interface Printed {
  readonly failed: boolean
  readonly stdout: string
  readonly stderr: string
}

/** Runs an example, with nothing in the environment but PATH and the tokens. */
const run = (name: string, ...args: ReadonlyArray<string>): Effect.Effect<Printed> =>
  Effect.callback((resume, signal) => {
    const env = {
      PATH: process.env["PATH"],
      CHATLING_API_KEY: "emulator-token",
      CHATLING_API_KEY_SHOP: "emulator-token",
      CHATLING_API_KEY_SUPPORT: "emulator-token"
    }
    const options = { env, signal, timeout: 20_000, killSignal: "SIGKILL" } as const
    execFile(process.execPath, [join(sources, `${name}.ts`), ...args], options, (error, stdout, stderr) =>
      resume(Effect.succeed({ failed: error !== null, stdout, stderr }))
    )
  })

/** The lines of an example that is killed after this many of them. */
const killedAt = (
  count: number,
  name: string,
  ...args: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.callback((resume) => {
    const child = spawn(process.execPath, [join(sources, `${name}.ts`), ...args], {
      env: { PATH: process.env["PATH"], CHATLING_API_KEY: "emulator-token" },
      timeout: 20_000
    })
    let text = ""
    const lines = () => text.trimEnd().split("\n")
    child.stdout.on("data", (data) => {
      text += String(data)
      if (lines().length >= count) child.kill("SIGKILL")
    })
    child.once("close", () => resume(Effect.succeed(lines())))
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

/** What it printed, having gone well and complained of nothing. */
const printed = (name: string, ...args: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(run(name, ...args), ({ failed, stderr, stdout }) => {
    assert.deepStrictEqual({ failed, stderr }, { failed: false, stderr: "" }, stdout)
    return stdout.trimEnd().split("\n")
  })

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "colloquy-examples-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** What the emulator has of its one chatbot. */
const truth = Effect.gen(function* () {
  const { baseUrl } = yield* EmulatorServer
  const { corpus } = yield* Emulator
  const ids = Array.from({ length: corpus.chatling.conversationIds.length }, (_, index) =>
    corpus.chatling.conversationIds.at(index)
  )
  const counts = ids.map((id) => Corpus.messages(corpus, "chatling", id)?.length ?? 0)
  const largest = Math.max(...counts)
  return {
    baseUrl,
    conversations: ids.length,
    messages: counts.reduce((sum, count) => sum + count, 0),
    largest,
    largestId: ids[counts.indexOf(largest)] ?? ""
  }
})

/** Pages of four messages that come slowly, so that there is time to kill a reader between them. */
const smallPages = Layer.unwrap(
  Effect.map(Effect.orDie(Faults.parse("clamp=4,latency=50")), (faults) =>
    EmulatorServer.layer({ conversations: 5, messages: 120, faults })
  )
)

const emulator = EmulatorServer.layer({ conversations: 5, messages: 120 })

describe("examples", { concurrent: true }, () => {
  it.live("sync.ts brings a file up to date, and reads nothing twice; export.ts makes pairs of it", () =>
    Effect.gen(function* () {
      const { baseUrl, conversations, messages } = yield* truth
      const file = join(yield* folder, "history.db")
      const first = yield* printed("sync", chatbot, file, baseUrl)
      assert.strictEqual(first.length, conversations + 1)
      assert.match(
        first.at(-1) ?? "",
        new RegExp(`^${conversations} conversations read, .* ${messages} new messages$`)
      )
      const second = yield* printed("sync", chatbot, file, baseUrl)
      assert.match(second.at(-1) ?? "", / 0 new messages$/)
      const pairs = yield* printed("export", file)
      assert.isAbove(pairs.length, 10)
      for (const pair of pairs) {
        assert.hasAllKeys(JSON.parse(pair), ["conversation", "question", "answer", "liked"])
      }
    }).pipe(Effect.provide(emulator))
  )

  it.live("accounts.ts brings the history of two accounts into one archive", () =>
    Effect.gen(function* () {
      const { baseUrl, conversations, messages } = yield* truth
      const lines = yield* printed("accounts", chatbot, ":memory:", baseUrl)
      assert.deepStrictEqual(lines.slice(0, 2).sort(), [
        `shop: ${messages} new messages, 0 conversations failed`,
        `support: ${messages} new messages, 0 conversations failed`
      ])
      assert.strictEqual(lines.at(-1), `${2 * conversations} conversations of both accounts`)
    }).pipe(Effect.provide(emulator))
  )

  it.live("sink.ts stores every message", () =>
    Effect.gen(function* () {
      const { baseUrl, conversations, messages } = yield* truth
      const lines = yield* printed("sink", chatbot, ":memory:", baseUrl)
      assert.strictEqual(lines.at(-1), `${messages} messages of ${conversations} conversations`)
    }).pipe(Effect.provide(emulator))
  )

  it.live(
    "resume.ts has every message once, however often it is killed",
    () =>
      Effect.gen(function* () {
        const { baseUrl, largest, largestId } = yield* truth
        const where = yield* folder
        const [whole, killed] = [join(where, "whole.ndjson"), join(where, "killed.ndjson")]
        yield* printed("resume", chatbot, largestId, whole, baseUrl)
        const expected = readFileSync(whole, "utf8")
        assert.strictEqual(expected.trimEnd().split("\n").length, largest)
        for (const kill of [1, 2]) {
          const said = yield* killedAt(2, "resume", chatbot, largestId, killed, baseUrl)
          assert.notInclude(said, "complete")
          assert.strictEqual(said[0] === "from the start", kill === 1)
          // As if it had been killed before it kept the place of another page.
          appendFileSync(killed, '{"half a page":')
        }
        assert.match(
          (yield* printed("resume", chatbot, largestId, killed, baseUrl))[0] ?? "",
          /^from message [1-9]/
        )
        assert.strictEqual(readFileSync(killed, "utf8"), expected)
        // Nothing is new.
        yield* printed("resume", chatbot, largestId, killed, baseUrl)
        assert.strictEqual(readFileSync(killed, "utf8"), expected)
      }).pipe(Effect.provide(smallPages)),
    120_000
  )

  it.live("backend.ts answers with a transcript, and says what is not there", () =>
    Effect.gen(function* () {
      const { baseUrl, largest, largestId } = yield* truth
      const lines = yield* printed("backend", chatbot, largestId, baseUrl)
      assert.deepStrictEqual(lines, [`200 ${largest} messages`, "404 no conversation no-such-conversation"])
    }).pipe(Effect.provide(emulator))
  )

  it.live("telemetry.ts prints spans and metrics", () =>
    Effect.gen(function* () {
      const { baseUrl, conversations } = yield* truth
      const lines = yield* printed("telemetry", chatbot, baseUrl)
      assert.include(lines, `span Sync.conversation: ${conversations}`)
      assert.isTrue(lines.some((line) => /^metric colloquy_requests .*: [1-9]/.test(line)))
    }).pipe(Effect.provide(emulator))
  )

  it.live("tenants.ts reads accounts by their names, each with a source of its own", () =>
    Effect.gen(function* () {
      const { baseUrl, messages } = yield* truth
      const lines = yield* printed("tenants", chatbot, baseUrl)
      assert.deepStrictEqual(
        lines,
        ["shop", "support", "shop"].map((name) => `${name}: ${messages} messages`)
      )
    }).pipe(Effect.provide(emulator))
  )

  it.live("questions.ts prints what people asked", () =>
    Effect.gen(function* () {
      const { baseUrl, largestId } = yield* truth
      const lines = yield* printed("questions", chatbot, largestId, baseUrl)
      assert.isAbove(lines.length, 10)
    }).pipe(Effect.provide(emulator))
  )

  it("all have a test", () => {
    const tested = [
      "accounts.ts",
      "backend.ts",
      "export.ts",
      "questions.ts",
      "resume.ts",
      "sink.ts",
      "sync.ts",
      "telemetry.ts",
      "tenants.ts",
      "vendor.ts"
    ]
    assert.deepStrictEqual(readdirSync(sources).sort(), tested)
  })
})
