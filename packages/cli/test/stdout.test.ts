/**
 * Stdout that cannot be written, and stdout whose reader has gone, for every command that prints.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { join } from "node:path"
import * as Support from "./support.ts"

const env = Support.tokens

/** Runs a shell line on an archive that has something of everything. */
const onArchive = (test: (run: (line: string) => Effect.Effect<Support.Result>) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const folder = yield* Support.temporaryFolder
    const archive = join(folder, "history.db")
    yield* Support.withEmulator(
      { faults: "malformed-record=3/botuj", messages: 20, conversations: 3 },
      (baseUrl) => {
        const run = (line: string) =>
          Support.shell(line.replaceAll("FOLDER", folder).replaceAll("URL", baseUrl), {
            ...env,
            COLLOQUY_ARCHIVE: archive
          })
        return Effect.andThen(run("colloquy sync botuj --base-url URL"), test(run))
      }
    )
  })

/** A record's id, for what takes one. */
const record = "$(colloquy quarantine list --json | head -n 1 | cut -d '\"' -f 4)"

const lines: ReadonlyArray<string> = [
  "colloquy status",
  "colloquy status --json",
  'colloquy status --vendor botuj --conversation $(colloquy status --json | grep -o \'"conversationId":"[^"]*\' | head -n 1 | cut -d \'"\' -f 4)',
  "colloquy sync botuj --base-url URL --json",
  "colloquy sync botuj --base-url URL --dry-run",
  "colloquy sync botuj --base-url URL --dry-run --json",
  "colloquy pull gptbots --all --base-url URL",
  "colloquy conversations gptbots --base-url URL",
  "colloquy quarantine list",
  "colloquy quarantine list --json",
  `colloquy quarantine show ${record}`,
  `colloquy quarantine show ${record} --json`,
  "colloquy quarantine replay --json",
  "colloquy forget --vendor botuj --user nobody --json",
  "colloquy emulate --port 0",
  "colloquy --help",
  "colloquy sync --help",
  "colloquy --version",
  "colloquy --completions bash"
]

describe.skipIf(!existsSync("/dev/full"))("a full stdout", () => {
  it.live(
    "ends every command that prints with exit 8, and says so",
    () =>
      onArchive((run) =>
        Effect.forEach(
          lines,
          (line) =>
            Effect.gen(function* () {
              const result = yield* run(`${line} > /dev/full`)
              assert.strictEqual(result.code, 8, `${line}\n${result.stderr}`)
              assert.match(result.last, /^error: Storage: stdout cannot be written/, line)
            }),
          { discard: true }
        )
      ).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "ends a demo with exit 8",
    () =>
      Effect.gen(function* () {
        const folder = yield* Support.temporaryFolder
        for (const flag of ["", "--json"]) {
          const result = yield* Support.shell(
            `colloquy demo ${flag} --out ${join(folder, "demo")} > /dev/full`,
            {}
          )
          assert.strictEqual(result.code, 8, result.stderr)
          assert.match(result.last, /^error: Storage: stdout cannot be written/)
        }
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a closed pipe", () => {
  it.live(
    "ends every command as if it had been read, without a word of it",
    () =>
      onArchive((run) =>
        Effect.forEach(
          lines.filter((line) => /status|show|sync.*--json|--help/.test(line)),
          (line) =>
            Effect.gen(function* () {
              // The reader is gone before the command starts.
              const result = yield* run(`{ sleep 0.2; ${line}; } | true`)
              assert.strictEqual(result.code, 0, `${line}\n${result.stderr}`)
              assert.notMatch(result.stderr, /EPIPE|error:/, line)
            }),
          { discard: true }
        )
      ).pipe(Effect.scoped),
    120_000
  )
})
