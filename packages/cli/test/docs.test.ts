/**
 * Every command in the documents, as a user runs it: each line of each `sh` block, in a shell, with an emulator.
 *
 * The shell's `colloquy`, and `npx -y pnpm@12 colloquy`, are the command with `--base-url` of the emulator where a vendor is
 * read, and `--port 0` where one is emulated. The ids of the documents stand for those of the emulator.
 */
import * as Vendors from "colloquy/Vendors"
import { EmulatorServer } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import * as Desk from "./desk.ts"
import { canary, colloquy, temporaryFolder, tokens } from "./support.ts"

const root = join(import.meta.dirname, "../../..")
const main = join(import.meta.dirname, "../src/main.ts")

const documents = [
  join(root, "README.md"),
  join(root, "CONTRIBUTING.md"),
  ...readdirSync(join(root, "docs")).map((name) => join(root, "docs", name)),
  ...readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "README.md"))
].filter((path) => path.endsWith(".md"))

interface Block {
  readonly document: string
  readonly lines: ReadonlyArray<string>
  /** Why it is not run. */
  readonly notRun: string | undefined
}

const pattern = /(?:<!-- not run: ([^\n]+) -->\n+)?^```(?:sh|bash|shell|console)[^\n]*\n([\s\S]*?)^```/gm

const blocks: ReadonlyArray<Block> = documents.flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(pattern)].map(([, marked, text = ""]) => {
    const lines = text
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    const installs = lines.every((line) => line.startsWith("npm install "))
    return { document: relative(root, path), lines, notRun: installs ? "it needs the registry" : marked }
  })
)

const isRun = ({ notRun }: Block) => notRun === undefined

/** What the documents call the emulator's chatbot, bot and organization. */
const ids: ReadonlyArray<readonly [string, string]> = [
  ["--chatbot 123", "--chatbot demo-chatbot"],
  ["--bot 4ef0737b", "--bot demo-bot"],
  ["--organization 4ef0737b", "--organization demo-organization"],
  ["…", canary],
  ["=emulator-token", `=${canary}`]
]

/** The emulator that a document starts on this port is the test's. */
const documentedUrl = "http://127.0.0.1:8787"

const asTyped = (line: string): string =>
  ids.reduce((line, [documented, emulated]) => line.replaceAll(documented, emulated), line)

/** The conversation that the documents name, at every vendor. */
const fixtures = [
  {
    id: "42",
    messages: [
      { role: "user", text: "Where is my parcel?", createdAt: "2026-11-25T12:00:00Z" },
      { role: "assistant", text: "At your neighbour's.", createdAt: "2026-11-25T12:00:02Z" }
    ]
  }
] as const

const emulator = Layer.unwrap(
  Effect.map(Desk.emulation, (desk) => EmulatorServer.layer({ token: canary, fixtures, also: [desk] }))
)

/** A folder with the programs that the documents name. */
const programs = (folder: string, baseUrl: string): string => {
  const bin = join(folder, ".bin")
  mkdirSync(bin)
  const command = `exec "${process.execPath}" "${main}" "$@"`
  const script = (name: string, ...lines: ReadonlyArray<string>) =>
    writeFileSync(join(bin, name), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 })
  script(
    "colloquy",
    'case "$1 $2" in',
    ...Vendors.names.flatMap((name) =>
      ["pull", "conversations", "sync"].map(
        (verb) => `  "${verb} ${name}") ${command} --base-url ${baseUrl} ;;`
      )
    ),
    `  emulate*) ${command} --port 0 ;;`,
    `  *) ${command} ;;`,
    "esac"
  )
  script(
    "npx",
    '[ "$1 $2" = "-y pnpm@12" ] && shift 2 || exit 99',
    '[ "$1" = "--silent" ] && shift',
    '[ "$1" = "colloquy" ] && shift || exit 99',
    'exec colloquy "$@"'
  )
  return bin
}

interface Ran {
  readonly isWell: boolean
  readonly output: string
}

/** Runs a line as it is. A server runs well if it listens; it is then stopped, with all that the line has started. */
const run = (line: string, folder: string, bin: string): Effect.Effect<Ran> =>
  Effect.callback((resume) => {
    const child = spawn("sh", ["-c", asTyped(line)], {
      cwd: folder,
      env: { PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true
    })
    let output = ""
    const isListening = () => output.includes("listening on")
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM")
    }
    const heard = (data: unknown): void => {
      output += String(data)
      if (isListening()) stop()
    }
    child.stdout.on("data", heard)
    child.stderr.on("data", heard)
    child.once("close", (code) => resume(Effect.succeed({ isWell: code === 0 || isListening(), output })))
    return Effect.sync(stop)
  })

describe("the documents", () => {
  const withCommands = [...new Set(blocks.filter(isRun).map(({ document }) => document))]

  it.live.each(withCommands)(
    "have commands that do what %s says",
    (document) =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { baseUrl } = yield* EmulatorServer
        const bin = programs(folder, baseUrl)
        Desk.settle(folder)
        const own = blocks.filter((block) => block.document === document && isRun(block))
        for (const line of own.flatMap(({ lines }) => lines)) {
          const { isWell, output } = yield* run(line.replace(documentedUrl, baseUrl), folder, bin)
          assert.isTrue(isWell, `${line}\n${output}`)
        }
      }).pipe(Effect.provide(emulator)),
    120_000
  )

  it("run, but for those that say why not", () => {
    const notRun = blocks.filter((block) => !isRun(block) && !block.lines[0]?.startsWith("npm install "))
    assert.deepStrictEqual(
      notRun.map(({ document }) => document),
      [
        "README.md",
        "CONTRIBUTING.md",
        "docs/configuration.md",
        "docs/live.md",
        "docs/packages.md",
        "packages/benchmarks/README.md",
        "packages/simulator/README.md"
      ]
    )
    assert.includeMembers(withCommands, ["README.md", "packages/cli/README.md"])
  })

  it.live(
    "have every field that --json prints, and no others",
    () =>
      Effect.gen(function* () {
        const { baseUrl } = yield* EmulatorServer
        const archive = ["--archive", join(yield* temporaryFolder, "history.db")]
        const botuj = ["botuj", "--base-url", baseUrl, "--json"]
        const printed = (...args: ReadonlyArray<string>) =>
          Effect.map(colloquy(args, { env: tokens }), ({ code, stderr, stdout }) => {
            assert.strictEqual(code, 0, stderr)
            return { stdout, stderr }
          })
        const synced = yield* printed("sync", ...botuj, ...archive)
        assert.sameMembers(documented("### `sync --json`"), keysOf(JSON.parse(synced.stdout)))
        const pulled = yield* printed("pull", ...botuj, "--all")
        const last = pulled.stderr.trimEnd().split("\n").at(-1) ?? ""
        assert.sameMembers(documented("### `pull --json`"), keysOf(JSON.parse(last)))
        const status = JSON.parse((yield* printed("status", "--json", ...archive)).stdout)
        assert.sameMembers(documented("An account has:"), keysOf(status.accounts[0]))
        assert.sameMembers(documented("A conversation has:"), keysOf(status.conversations[0]))
      }).pipe(Effect.provide(emulator)),
    60_000
  )
})

const telemetry = readFileSync(join(root, "docs/telemetry.md"), "utf8")

/** The names in the first column of the table below a line of docs/telemetry.md. */
const documented = (above: string): Array<string> => {
  const [table = ""] = telemetry.split(`\n${above}\n`)[1]?.split(/\n#|\n\S.*:\n/) ?? []
  return [...table.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, name]) => name ?? [])
}

const keysOf = (value: object): Array<string> => Object.keys(value)
