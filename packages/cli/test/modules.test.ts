/**
 * Vendors from modules: with every command, as those inside; and modules that are refused, by name.
 */
import { Emulator, EmulatorServer, Rows } from "@colloquy/emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Desk from "./desk.ts"
import * as Support from "./support.ts"

const env = { DESK_TOKEN: Support.canary }
const module = ["--vendor-module", "./desk.ts"]

/** Runs the command in a folder. */
const runningIn =
  (cwd: string) =>
  (...args: ReadonlyArray<string>) =>
    Support.colloquy(args, { env, cwd })

/** The messages that the emulator has. */
const truth = Effect.gen(function* () {
  const { all } = yield* Emulator
  const desk = all.find(({ vendor }) => vendor === "desk")
  assert.isDefined(desk)
  return Rows.toArray(desk.corpus.conversationIds).reduce(
    (sum, id) => sum + (desk.corpus.messages(id)?.length ?? 0),
    0
  )
})

describe("a vendor of a module", () => {
  it.live("has commands with flags and help", () =>
    Effect.gen(function* () {
      const run = runningIn(yield* Desk.folder)
      const help = yield* run("sync", "desk", "--help", ...module)
      assert.match(help.stdout, /^ {2}Sync from Desk \(DESK_TOKEN\)$/m)
      assert.match(help.stdout, /--team ID +The team/)
      assert.match(help.stdout, /--state \S+ +Which chats to list \(default: open\)/)
      assert.match(help.stdout, /colloquy sync desk --team support --archive history\.db/)
      const root = yield* run("--help", ...module)
      assert.match(root.stdout, /GPTBOTS_API_KEY,(?:\s+\w+,)*\s+DESK_TOKEN/)
      const bash = yield* run(...module, "--completions", "bash")
      assert.match(bash.stdout, /gptbots.*desk/)
      const missing = yield* run("pull", "desk", "--all", ...module)
      assert.deepStrictEqual(missing.stderr.trimEnd().split("\n").slice(-2), [
        "help: colloquy pull desk --help --vendor-module ./desk.ts",
        "error: Usage: Missing required flag: --team"
      ])
      const incomplete = yield* run("pull", "desk", "--team", "1", ...module)
      assert.match(incomplete.stderr, /^help: colloquy pull desk --help --vendor-module \.\/desk\.ts$/m)
      const mistyped = yield* run("pull", "dsk", ...module)
      assert.match(mistyped.last, /Unknown subcommand "dsk".*did you mean desk\?/)
      const unknown = yield* run("pull", "desk")
      assert.match(unknown.last, /^error: Usage: Unknown subcommand "desk"/)
    }).pipe(Effect.scoped)
  )

  it.live("is pulled and listed under faults: every message, with the token in no output", () =>
    Effect.gen(function* () {
      const run = runningIn(yield* Desk.folder)
      const { baseUrl } = yield* EmulatorServer
      const which = ["--team", "support", ...module, "--base-url", baseUrl]
      const open = yield* run("pull", "desk", "--all", ...which)
      assert.strictEqual(open.code, 0, open.stderr)
      assert.strictEqual(Support.parseLines(open.stdout).length, yield* truth)
      const closed = yield* run("conversations", "desk", "--state", "closed", ...which)
      assert.strictEqual(closed.code, 0, closed.stderr)
      assert.strictEqual(Support.parseLines(closed.stdout).length, 6)
      assert.match(closed.stderr, /proven by noNext × 1/)
      const refused = yield* Support.colloquy(["pull", "desk", "--all", ...which], {
        env: { DESK_TOKEN: "another-token-7c1f" },
        cwd: yield* Desk.folder
      })
      assert.strictEqual(refused.code, 3, refused.stderr)
      assert.match(refused.last, /^error: Unauthorized: desk: /)
      for (const { stderr, stdout } of [open, closed, refused]) {
        assert.notMatch(stderr + stdout, new RegExp(`${Support.canary}|another-token-7c1f`))
      }
    }).pipe(Effect.provide(Desk.emulator("500@every:7/desk,truncate@every:11/desk")), Effect.scoped)
  )

  it.live(
    "is a source of the configuration, and the archive's commands know it",
    () =>
      Effect.gen(function* () {
        const folder = yield* Desk.folder
        const { baseUrl } = yield* EmulatorServer
        mkdirSync(join(folder, "elsewhere"))
        writeFileSync(
          join(folder, "colloquy.toml"),
          [
            'archive = "history.db"',
            'vendors = ["./desk.ts"]',
            "[accounts.desk.default]",
            `base-url = "${baseUrl}"`,
            "[sources.help]",
            'vendor = "desk"',
            'team = "support"'
          ].join("\n"),
          { mode: 0o600 }
        )
        // Paths are relative to the configuration, not to where the command runs.
        const run = runningIn(join(folder, "elsewhere"))
        const config = ["--config", "../colloquy.toml"]
        const synced = yield* run("sync", ...config, "--json")
        assert.strictEqual(synced.code, 0, synced.stderr)
        const { report } = JSON.parse(synced.stdout)
        assert.deepInclude(report, { quarantined: 8, conversations: 5 })
        const status = yield* run("status", "--vendor", "desk", "--json", ...config)
        assert.strictEqual(JSON.parse(status.stdout).accounts[0].vendor, "desk")
        const replayed = yield* run("quarantine", "replay", "--json", ...config)
        assert.deepStrictEqual(JSON.parse(replayed.stdout), { replayed: 0, remaining: 8 })
        const archive = ["--archive", join(folder, "history.db")]
        const unknown = yield* run("quarantine", "replay", ...archive)
        assert.strictEqual(unknown.code, 2, unknown.stderr)
        assert.match(unknown.last, /records of desk cannot be decoded here.*--vendor-module$/)
        // An archive knows its vendors, even if their module is gone.
        const conversation = JSON.parse(status.stdout).conversations[0].conversationId
        const forgotten = yield* run("forget", "--vendor", "desk", "--conversation", conversation, ...archive)
        assert.strictEqual(forgotten.code, 0, forgotten.stderr)
        assert.match(forgotten.stderr, /erased of conversation \d+ of desk/)
      }).pipe(Effect.provide(Desk.emulator("malformed-record/desk")), Effect.scoped),
    60_000
  )

  it.live("is emulated from its definition, with faults and truth", () =>
    Effect.gen(function* () {
      const folder = yield* Desk.folder
      const emulate = ["emulate", "--port", "0", ...module]
      const result = yield* Support.colloquy([...emulate, "--faults", "latency=1/desk"], {
        cwd: folder,
        signalOn: { stdout: "pull desk", signal: "SIGTERM" }
      })
      assert.match(
        result.stdout,
        /DESK_TOKEN=emulator-token colloquy pull desk --team support --all --base-url/
      )
      const other = yield* runningIn(folder)(...emulate, "--faults", "latency=1/dask")
      assert.match(other.last, /^error: Usage: --faults: .*desk/)
      writeFileSync(
        join(folder, "bare.ts"),
        readFileSync(join(folder, "desk.ts"), "utf8").replaceAll(/^ {2}render: .*\n/gm, "")
      )
      const bare = yield* runningIn(folder)("emulate", "--port", "0", "--vendor-module", "./bare.ts")
      assert.strictEqual(bare.code, 2)
      assert.match(
        bare.last,
        /^error: Usage: desk cannot be emulated: the envelope of Desk\.messages .* a render$/
      )
    }).pipe(Effect.scoped)
  )

  it.live("of a package is found from the configuration's folder", () =>
    Effect.gen(function* () {
      const folder = yield* Desk.folder
      const owner = join(folder, "node_modules/colloquy-vendor-toy")
      mkdirSync(owner)
      writeFileSync(join(owner, "package.json"), '{"type":"module","exports":{".":{"import":"./index.js"}}}')
      writeFileSync(
        join(owner, "index.js"),
        'import { Vendor } from "@colloquy/core/vendor"\nexport const Toy = Vendor.make(' +
          '{ name: "toy", title: "Toy", baseUrl: "https://toy.example", tokenVariable: "TOY_TOKEN", errors: { codes: {}, read: () => undefined },' +
          " options: { fields: {} }, service: () => ({}), messages: { codecs: [] }, conversations: { codecs: [] } })\n"
      )
      const help = yield* runningIn(folder)("pull", "toy", "--help", "--vendor-module", "colloquy-vendor-toy")
      assert.match(help.stdout, /Messages from Toy \(TOY_TOKEN\)/, help.stderr)
      writeFileSync(join(folder, "c.toml"), 'vendors = ["colloquy-vendor-toy", "./desk.ts"]\n', {
        mode: 0o600
      })
      const all = yield* Support.colloquy(["pull", "--help", "--config", join(folder, "c.toml")])
      assert.match(all.stdout, /gptbots[^]*toy[^]*desk/, all.stderr)
      const elsewhere = yield* Support.colloquy(
        ["pull", "toy", "--help", "--vendor-module", "colloquy-vendor-toy"],
        {
          cwd: yield* Support.temporaryFolder
        }
      )
      assert.match(elsewhere.last, /no package of that name is installed for .*; install it$/)
    }).pipe(Effect.scoped)
  )
})

// ---------------------------------------------------------------------------------------------------------------
// Refusals
// ---------------------------------------------------------------------------------------------------------------

const desk = 'import { Desk } from "./desk.ts"\n'
const changed = (definition: string): string =>
  `${desk}export default { ...Desk, definition: { ...Desk.definition, ${definition} } }`

const refused: ReadonlyArray<readonly [name: string, text: string | undefined, last: RegExp]> = [
  ["./missing.ts", undefined, /missing\.ts does not exist$/],
  ["colloquy-vendor-none", undefined, /no package of that name .*; install it$/],
  ["acme.ts", undefined, /a file is named with its path: \.\/acme\.ts$/],
  [
    "https://acme.example/a.js",
    undefined,
    /is neither a path, such as \.\/acme\.ts, nor the name of a package$/
  ],
  ["./", undefined, /is no file; name the module's file$/],
  [
    "./enum.ts",
    "export enum Kind { A }",
    /enum is not supported.*; Node only strips types: write it without enums/
  ],
  ["./syntax.ts", "export const = 1", /cannot be parsed: /],
  [
    "./throws.ts",
    'throw new Error("boom\\nand more")',
    /throws when it is loaded: boom and more \(file:.*throws\.ts:1/
  ],
  [
    "./imports.ts",
    'import "nothere"',
    /cannot be loaded: Cannot find package 'nothere'.*; install what it imports/
  ],
  ["./text.txt", "hello", /Unknown file extension.*name a \.js, \.mjs, \.ts or \.mts file/],
  ["./hangs.ts", "await new Promise(() => {})\nexport {}", /did not finish loading within 10 seconds/],
  [
    "./nothing.ts",
    "export {}",
    /exports nothing; expected is what Vendor\.make of @colloquy\/core\/vendor returns$/
  ],
  ["./number.ts", "export const answer = 42", /exports no vendor, but answer \(a number\); expected is/],
  [
    "./call.ts",
    `${desk}export { Desk }\nexport default () => Desk`,
    /its default export is a function and no vendor; expected is/
  ],
  [
    "./promise.ts",
    `${desk}export default Promise.resolve(Desk)`,
    /its default export is a promise and no vendor/
  ],
  [
    "./other.ts",
    `${desk}export default { ...Desk, "~@colloquy/core/Vendor": "7.3.1" }`,
    /the vendor desk is made with @colloquy\/core 7\.3\.1, and this command has \d+\.\d+\.\d+; take a version/
  ],
  [
    "./double.ts",
    changed('name: "chatling"'),
    /has a vendor called chatling, as the command itself has; leave one out$/
  ],
  ["./name.ts", changed('name: "De sk"'), /its vendor is called "De sk"; a name has lower case letters/],
  [
    "./clash.ts",
    changed("options: { fields: { accountId: Desk.definition.options.fields.team } }"),
    /has the option accountId, but --account is a flag of the command/
  ]
]

describe("a module", () => {
  it.live.each(refused)(
    "that cannot be used is refused by name: %s",
    ([name, text, last]) =>
      Effect.gen(function* () {
        const folder = yield* Desk.folder
        if (text !== undefined) writeFileSync(join(folder, name), text)
        const result = yield* runningIn(folder)("status", "--vendor-module", name)
        assert.strictEqual(result.code, 2, result.stderr)
        assert.strictEqual(result.stderr.trimEnd().split("\n").length, 1)
        assert.isTrue(result.last.startsWith(`error: Usage: --vendor-module ${name}: `), result.last)
        assert.match(result.last, last)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("of the same minor version of core is taken", () =>
    Effect.gen(function* () {
      const folder = yield* Desk.folder
      writeFileSync(
        join(folder, "patch.ts"),
        `import { Vendor } from "@colloquy/core/vendor"\n${desk}` +
          'export default { ...Desk, [Vendor.TypeId]: Vendor.version.replace(/\\d+$/, "99") }'
      )
      const result = yield* runningIn(folder)("pull", "desk", "--help", "--vendor-module", "./patch.ts")
      assert.strictEqual(result.code, 0, result.stderr)
    }).pipe(Effect.scoped)
  )

  it.live("that others can write is refused, and so is one in a folder of everybody's", () =>
    Effect.gen(function* () {
      const folder = yield* Desk.folder
      const run = runningIn(folder)
      chmodSync(join(folder, "desk.ts"), 0o664)
      const group = yield* run("status", ...module)
      assert.strictEqual(group.code, 2)
      assert.match(group.last, /desk\.ts can be written by others; run chmod go-w \/.*desk\.ts$/)
      chmodSync(join(folder, "desk.ts"), 0o644)
      chmodSync(folder, 0o1777)
      const shared = yield* run("status", ...module)
      assert.match(shared.last, /anyone can write its folder .*; move it into a folder of yours$/)
      chmodSync(folder, 0o755)
      if (process.getuid?.() === 0) {
        chownSync(join(folder, "desk.ts"), 4242, 4242)
        const foreign = yield* run("status", ...module)
        assert.match(foreign.last, /desk\.ts belongs to another user; it is used only if it is yours$/)
      }
    }).pipe(Effect.scoped)
  )

  it.live("is never taken from the working directory by itself, nor named by an unsafe configuration", () =>
    Effect.gen(function* () {
      const folder = yield* Desk.folder
      const run = runningIn(folder)
      writeFileSync(
        join(folder, "mark.ts"),
        'import { writeFileSync } from "node:fs"\nwriteFileSync("ran", "")\n'
      )
      writeFileSync(join(folder, "colloquy.toml"), 'vendors = ["./mark.ts"]\n', { mode: 0o600 })
      const ran = () => {
        try {
          return readFileSync(join(folder, "ran"), "utf8") === ""
        } catch {
          return false
        }
      }
      yield* run("pull", "--help")
      assert.isFalse(ran())
      chmodSync(join(folder, "colloquy.toml"), 0o666)
      const unsafe = yield* run("pull", "desk", "--config", "colloquy.toml")
      assert.isFalse(ran())
      assert.match(
        unsafe.stderr,
        /^the vendors of the configuration are not known: .* can be written by others/m
      )
      assert.match(unsafe.last, /^error: Usage: Unknown subcommand "desk"/)
      chmodSync(join(folder, "colloquy.toml"), 0o600)
      const version = yield* run("--version", "--config", "colloquy.toml")
      assert.strictEqual(version.code, 0)
      assert.isFalse(ran())
      const named = yield* run("pull", "--help", "--config", "colloquy.toml")
      assert.isTrue(ran())
      assert.match(named.last, /^error: Usage: colloquy\.toml:1: vendors \.\/mark\.ts: exports nothing/)
    }).pipe(Effect.scoped)
  )
})
