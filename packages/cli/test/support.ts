/**
 * The command as its users run it: a process, with an emulator on a socket.
 */
import * as Vendors from "colloquy/Vendors"
import { type Corpus, EmulatorServer, emulations, Faults, type Reader } from "@colloquy/emulator"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const main = join(import.meta.dirname, "../src/main.ts")

/** A token that must be seen nowhere. */
export const canary = "canary-7f3a1c-token"

/** The variable of every vendor's token, with that token. */
export const tokens: Readonly<Record<string, string>> = Object.fromEntries(
  Vendors.vendors.map(({ definition }) => [definition.tokenVariable, canary])
)

export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The last line on stderr. */
  readonly last: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Called with stdout so far; returning a signal sends it once. */
  readonly signalOn?: { readonly stdout: string; readonly signal: NodeJS.Signals }
  /** Sends the signal once this many requests have come in at this emulator. */
  readonly signalAfter?: {
    readonly requests: number
    readonly baseUrl: string
    readonly signal: NodeJS.Signals
  }
  /** Sends the signal when this has happened. */
  readonly signalWhen?: { readonly happened: Promise<void>; readonly signal: NodeJS.Signals }
  /** Runs as this user, where the tests run as root. */
  readonly uid?: number
}

/** Runs `colloquy` with these arguments and nothing in the environment but PATH and what is given. */
export const colloquy = (args: ReadonlyArray<string>, options: RunOptions = {}): Effect.Effect<Result> =>
  Effect.promise(async (abort) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env["PATH"], ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: ["ignore", "pipe", "pipe"],
      signal: abort,
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid })
    })
    let stdout = ""
    let stderr = ""
    let signalled = false
    child.stdout.on("data", (data) => {
      stdout += data
      if (!signalled && options.signalOn !== undefined && stdout.includes(options.signalOn.stdout)) {
        signalled = true
        child.kill(options.signalOn.signal)
      }
    })
    child.stderr.on("data", (data) => {
      stderr += data
    })
    const closed = once(child, "close")
    if (options.signalAfter !== undefined) {
      const { baseUrl, requests, signal } = options.signalAfter
      const isTime = Effect.map(requestsAt(baseUrl), (count) => child.exitCode !== null || count >= requests)
      await Effect.runPromise(
        isTime.pipe(Effect.delay("10 millis"), Effect.repeat({ until: (time) => time }))
      )
      child.kill(signal)
    }
    if (options.signalWhen !== undefined) {
      await options.signalWhen.happened
      child.kill(options.signalWhen.signal)
    }
    await closed
    return { code: child.exitCode, stdout, stderr, last: stderr.trimEnd().split("\n").at(-1) ?? "" }
  })

/** Runs a shell line in which `colloquy` is the command. */
export const shell = (line: string, env: Readonly<Record<string, string>>): Effect.Effect<Result> =>
  Effect.promise(async () => {
    const script = `colloquy() { "${process.execPath}" "${main}" "$@"; }\nset -o pipefail\n${line}`
    const child = spawn("bash", ["-c", script], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (data) => {
      stdout += data
    })
    child.stderr.on("data", (data) => {
      stderr += data
    })
    await once(child, "close")
    return { code: child.exitCode, stdout, stderr, last: stderr.trimEnd().split("\n").at(-1) ?? "" }
  })

/** Runs a test against an emulator on a socket, with these faults. */
export const withEmulator = <A, E, R>(
  options: { readonly faults?: string; readonly messages?: number; readonly conversations?: number },
  test: (baseUrl: string) => Effect.Effect<A, E, R>
) =>
  Effect.gen(function* () {
    const faults = yield* Effect.orDie(Faults.parse(options.faults ?? ""))
    const { conversations = 6, messages = 130 } = options
    return yield* Effect.provide(
      Effect.flatMap(EmulatorServer, ({ baseUrl }) => test(baseUrl)),
      EmulatorServer.layer({ token: canary, conversations, messages, faults })
    )
  })

/** How many requests the vendors of an emulator were sent. */
export const requestsAt = (baseUrl: string): Effect.Effect<number> =>
  Effect.promise(async () => {
    const counts: Record<string, Record<string, number>> = await (
      await fetch(`${baseUrl}/emulator/requests`)
    ).json()
    return Object.values(counts)
      .flatMap((statuses) => Object.values(statuses))
      .reduce((sum, count) => sum + count, 0)
  })

/** An empty folder that is gone after the test. */
export const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "colloquy-test-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The lines of an NDJSON text, parsed. */
export const parseLines = (text: string): ReadonlyArray<Record<string, unknown>> =>
  text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]))

/** What a vendor's commands need to find the emulator's conversations. */
export const which = (vendor: Corpus.Vendor): ReadonlyArray<string> => emulations[vendor].flags

/** How commands read an emulated vendor: its first reader. */
export const readerOf = (vendor: Corpus.Vendor, emulated: Corpus.Emulated): Reader => {
  const [reader] = emulated[vendor].readers
  assert.isDefined(reader)
  return reader
}
