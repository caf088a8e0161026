/**
 * Packs everything and uses it as a user would: `pnpm packages:check`. `--write` keeps the sizes that it measures.
 *
 * Only the installation asks the registry. All else stays on this machine.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { commandIn, compile, compilers, install, resolutions, writeKit, writePrograms } from "./consumer.ts"
import { type Running, withEmulator } from "./emulator.ts"
import { lint } from "./lint.ts"
import { pack, type Tarball } from "./pack.ts"
import * as Sizes from "./sizes.ts"
import { attempt, manifestIn, must, root, run, say, withFolder } from "./workspace.ts"

const startedAt = performance.now()
const done = (what: string): void => say(`${((performance.now() - startedAt) / 1000).toFixed(0)} s  ${what}`)

const tools = {
  "@types/node": manifestIn(join(root, "node_modules/@types/node")).version,
  ...Object.fromEntries(
    Object.entries(compilers).map(([name, version]) => [name, `npm:typescript@${version}`])
  )
}

/** Compiles the programs in every way. One compiler does its ways one after the other; the two run side by side. */
const compileAll = (folder: string): Promise<unknown> =>
  Promise.all(
    (["typescript-oldest", "typescript-newest"] as const).map(async (compiler) => {
      await compile(folder, compiler, "NodeNext")
      await compile(folder, compiler, "Bundler")
    })
  )

/** What the programs print, against what the emulator has. */
const runPrograms = async (folder: string, { baseUrl, truth }: Running, subpaths: number): Promise<void> => {
  const program = (name: string, ...args: ReadonlyArray<string>) =>
    run(process.execPath, [join(folder, "out", `${name}.js`), ...args], {
      cwd: folder,
      env: { CHATLING_API_KEY: "emulator-token" }
    })
  const [every, read, inProcess, sync] = await Promise.all([
    program("everySubpath"),
    program("read", baseUrl),
    program("inProcess"),
    program("examples/sync", "demo-chatbot", ":memory:", baseUrl)
  ])
  must(every === String(subpaths), `${every} of ${subpaths} subpaths were imported`)
  must(read.trim() === JSON.stringify(truth), `read ${read} of ${JSON.stringify(truth)}`)
  must(inProcess.trim() === String(truth["chatling"]), `in process: ${inProcess} of ${truth["chatling"]}`)
  must(sync.endsWith(` ${truth["chatling"]} new messages\n`), `sync.ts printed ${sync}`)
}

/** The command as `npx` finds it in the folder. */
const runCommand = async (folder: string, { baseUrl, truth }: Running): Promise<void> => {
  const env = { BOTUJ_API_KEY: "emulator-token" }
  const colloquy = (...args: ReadonlyArray<string>) =>
    run("npx", ["--no-install", "colloquy", ...args], { cwd: folder, env })
  const { version } = manifestIn(join(folder, "node_modules/colloquy"))
  const printed = await colloquy("--version")
  must(printed === `colloquy v${version}\n`, `--version printed ${printed}`)
  must((await colloquy("--help")).includes("sync"), "--help does not name sync")
  const pulled = await colloquy("pull", "botuj", "--all", "--base-url", baseUrl)
  must(pulled.split("\n").length - 1 === truth["botuj"], `pull wrote ${pulled.split("\n").length - 1} lines`)
  await colloquy("sync", "botuj", "--archive", "history.db", "--base-url", baseUrl)
  await colloquy("status", "--archive", "history.db", "--strict")
  const { code, stderr } = await attempt(process.execPath, [commandIn(folder), "pul"], { cwd: folder })
  must(code === 2 && stderr.includes("error: Usage: "), `a mistyped command ended with ${code}: ${stderr}`)
}

/** The command with a vendor of a module that has copies of core and of Effect of its own. */
const runModule = (folder: string): Promise<void> =>
  withFolder(async (elsewhere) => {
    for (const name of ["effect", "@colloquy/core", "@noble/hashes"]) {
      cpSync(join(folder, "node_modules", name), join(elsewhere, "node_modules", name), { recursive: true })
    }
    cpSync(join(root, "packages/examples/src/vendor.ts"), join(elsewhere, "desk.ts"))
    const module = ["--vendor-module", join(elsewhere, "desk.ts")]
    const desk = (command: string, ...args: ReadonlyArray<string>) =>
      attempt(process.execPath, [commandIn(folder), command, "desk", "--team", "1", ...module, ...args], {
        cwd: elsewhere,
        env: { DESK_TOKEN: "emulator-token" }
      })
    const reading = async ({ baseUrl, truth }: Running) => {
      const { stderr, stdout } = await desk("pull", "--all", "--base-url", baseUrl)
      must(stdout.split("\n").length - 1 === truth["desk"], `a module's vendor was pulled short: ${stderr}`)
      const synced = await desk("sync", "--archive", "history.db", "--base-url", baseUrl)
      must(synced.code === 0, `a module's vendor was not synced: ${synced.stderr}`)
      const missing = await desk("pull", "--conversation", "none", "--base-url", baseUrl)
      must(missing.code === 4, `an unknown conversation ended with ${missing.code}: ${missing.stderr}`)
    }
    await withEmulator(folder, reading, [...module, "--faults", "503@every:9/desk"])
    const made = join(elsewhere, "node_modules/@colloquy/core/dist/vendor/Vendor.js")
    writeFileSync(made, readFileSync(made, "utf8").replace(/(?<=^export const version = )".*"/m, '"99.1.0"'))
    const refused = await desk("pull", "--all")
    must(
      refused.code === 2 && refused.stderr.includes("is made with @colloquy/core 99.1.0"),
      `another minor version of core ended with ${refused.code}: ${refused.stderr}`
    )
  })

/** The kit passes a sound vendor, and fails a broken one by the name of the rule. */
const runKit = async (folder: string): Promise<void> => {
  const kit = writeKit(folder)
  const vitest = (...tests: ReadonlyArray<string>) =>
    attempt("npx", ["--no-install", "vitest", "run", "--root", kit, "--testTimeout", "60000", ...tests], {
      cwd: folder
    })
  const sound = await vitest("conformance.test.ts")
  must(sound.code === 0, `the suite of a sound vendor failed: ${sound.stdout}${sound.stderr}`)
  const broken = await vitest("broken.test.ts")
  const isTold = `${broken.stdout}${broken.stderr}`.includes("Acme breaks the rule absentList")
  must(broken.code === 1 && isTold, `a broken vendor ended with ${broken.code}: ${broken.stdout}`)
}

/** What the bundle may use: all of it is in browsers, too. */
const web =
  `AbortController Headers ReadableStream Request Response TextDecoder TextEncoder URL URLSearchParams clearTimeout
  console crypto fetch performance setTimeout`.split(/\s+/)

/** The bundle runs where nothing is but what browsers have. */
const runBundle = async (script: string, { baseUrl, truth }: Running): Promise<void> => {
  const page = createContext(Object.fromEntries(web.map((name) => [name, Reflect.get(globalThis, name)])))
  runInContext(script, page)
  const count: unknown = await runInContext(`program.count(${JSON.stringify(baseUrl)})`, page)
  must(count === truth["chatling"], `the bundle read ${String(count)} of ${truth["chatling"]}`)
}

const checkSizes = (sizes: Sizes.Sizes): void => {
  if (process.argv.includes("--write")) return Sizes.write(sizes)
  const differences = Sizes.differences(sizes)
  must(
    differences.length === 0,
    `Sizes changed by more than 5 %:\n${differences.join("\n")}\nRun pnpm packages:check --write and say why in the commit.`
  )
}

const use = async (folder: string, tarballs: ReadonlyArray<Tarball>): Promise<void> => {
  await Promise.all([install(folder, tarballs, tools), ...tarballs.map(lint)])
  done("publint and attw have nothing to say; npm installed the tarballs")
  const subpaths = writePrograms(folder, tarballs)
  const { script, sizes } = await Sizes.bundle(folder)
  await compileAll(folder)
  const ways = Object.values(compilers).flatMap((version) =>
    Object.keys(resolutions).map((name) => `${version} ${name}`)
  )
  done(`programs compile with TypeScript ${ways.join(", ")}`)
  await withEmulator(folder, async (running) => {
    await Promise.all([
      runPrograms(folder, running, subpaths),
      runBundle(script, running),
      runCommand(folder, running),
      runKit(folder)
    ])
  })
  await runModule(folder)
  done(
    `programs, the command and the bundle read everything; ${subpaths} subpaths load; the kit tells vendors apart`
  )
  checkSizes(Sizes.sizesOf(tarballs, sizes))
  done(`for a browser: ${sizes.minified} bytes minified, ${sizes.ours} of them ours; ${sizes.gzip} with gzip`)
}

await withFolder(async (folder) => {
  const tarballs = await pack(join(folder, "tarballs"))
  done(`packed ${tarballs.length} packages`)
  await use(folder, tarballs)
})
