/**
 * The `colloquy` command on a real server: a process that pulls everything, and one that syncs it into an archive.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import type { Written } from "@colloquy/conformance"
import { difference } from "@colloquy/conformance/live/LiveSession"
import type { Message, SourceService } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

/** How the command reads a server. */
export interface Reading {
  /** The vendor and its flags, such as `["acme", "--base-url", "http://127.0.0.1:8787"]`. */
  readonly args: ReadonlyArray<string>
  /** The variable with the token. */
  readonly env: Readonly<Record<string, string>>
  /** The order in which the vendor gives messages. */
  readonly messageOrder: SourceService["messageOrder"]
}

/** The command did something else than it should. */
export class CommandFailed extends Schema.TaggedError<CommandFailed>()("CommandFailed", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

const main = join(import.meta.dirname, "../../cli/src/main.ts")

/** Runs the command with nothing in its environment but PATH and what is given; fails unless it ends with 0. */
const colloquy = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
): Effect.Effect<void, CommandFailed> =>
  Effect.promise(async (signal) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "ignore", "pipe"],
      signal
    })
    let stderr = ""
    child.stderr.on("data", (data) => {
      stderr += data
    })
    await once(child, "close")
    return { code: child.exitCode, stderr }
  }).pipe(
    Effect.filterOrFail(
      ({ code }) => code === 0,
      ({ code, stderr }) =>
        new CommandFailed({ problem: `colloquy ${args.join(" ")} ended with ${code}:\n${stderr}` })
    ),
    Effect.asVoid
  )

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "colloquy-live-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** Fails unless these are the messages that were written. Conversations that were written later do not matter. */
const compare = (
  { messageOrder }: Pick<Reading, "messageOrder">,
  read: ReadonlyArray<Message>,
  written: ReadonlyArray<Written>
): Effect.Effect<void, CommandFailed> => {
  const [wrong] = written.flatMap(({ id, messages }) => {
    const own = read.filter(({ conversationId }) => conversationId === id)
    const problem = difference({ messageOrder }, own, messages)
    return problem === undefined ? [] : [`conversation ${id}: ${problem}`]
  })
  return wrong === undefined ? Effect.void : Effect.fail(new CommandFailed({ problem: wrong }))
}

/** `colloquy pull --all` gives what was written. */
export const pull = Effect.fn("LiveCommand.pull")(function* (
  reading: Reading,
  written: ReadonlyArray<Written>
) {
  const file = join(yield* folder, "messages.ndjson")
  yield* colloquy(["pull", ...reading.args, "--all", "--out", file], reading.env)
  const read: ReadonlyArray<Message> = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  yield* compare(reading, read, written)
}, Effect.scoped)

/** `colloquy sync` puts what was written into an archive, and a second one finds it complete. */
export const sync = Effect.fn("LiveCommand.sync")(function* (
  reading: Reading,
  written: ReadonlyArray<Written>
) {
  const filename = join(yield* folder, "history.db")
  yield* colloquy(["sync", ...reading.args, "--archive", filename], reading.env)
  yield* colloquy(["sync", ...reading.args, "--archive", filename], reading.env)
  yield* colloquy(["status", "--archive", filename, "--strict"], {})
  const archive = Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename })))
  const read = yield* Archive.use((archive) => Stream.runCollect(archive.messages())).pipe(
    Effect.provide(archive)
  )
  yield* compare(reading, read, written)
}, Effect.scoped)

/** Both, as further tests of `Conformance.live`. */
export const tests = {
  "colloquy pull gives what was written": (
    { command }: { readonly command: Reading },
    written: ReadonlyArray<Written>
  ) => pull(command, written),
  "colloquy sync archives what was written": (
    { command }: { readonly command: Reading },
    written: ReadonlyArray<Written>
  ) => sync(command, written)
}
