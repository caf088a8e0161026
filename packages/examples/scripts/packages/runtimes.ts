/**
 * What runs where: `pnpm runtimes`. Installs the tarballs, and Bun, Deno and several versions of Node beside them, in a
 * temporary folder. The libraries must read everything on each that is supported. The command must run on the oldest
 * supported Node, and must say what it needs on all others.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { commandIn, compile, compilers, install, writePrograms } from "./consumer.ts"
import { type Running, withEmulator } from "./emulator.ts"
import { pack } from "./pack.ts"
import { attempt, manifestIn, must, root, run, say, withFolder } from "./workspace.ts"

interface Runtime {
  readonly name: string
  /** The name of its package, under `node_modules`. */
  readonly folder: string
  readonly program: string
  readonly args?: ReadonlyArray<string>
  readonly libraries: boolean
  readonly command: boolean
}

const node = (version: string, supported: boolean): Runtime => ({
  name: "Node",
  folder: `node-${version}`,
  program: "bin/node",
  libraries: supported,
  command: supported
})

const oldNodes = ["12.22.12", "18.20.8", "20.20.2"]
const nodes = ["22.19.0", "26.10.0"]

const runtimes: ReadonlyArray<Runtime> = [
  ...oldNodes.map((version) => node(version, false)),
  ...nodes.map((version) => node(version, true)),
  { name: "Bun", folder: "bun", program: "bin/bun.exe", libraries: true, command: false },
  { name: "Deno", folder: "deno", program: "deno", args: ["run", "-A"], libraries: true, command: false }
]

// The package `node` of npm chooses its binary in an install script; these are the binaries that it chooses from.
const binary = (version: string): string => `npm:node-${process.platform}-${process.arch}@${version}`

const tools = {
  "@types/node": manifestIn(join(root, "node_modules/@types/node")).version,
  "typescript-oldest": `npm:typescript@${compilers["typescript-oldest"]}`
}
const programs = Object.fromEntries([
  ...[...oldNodes, ...nodes].map((version) => [`node-${version}`, binary(version)]),
  ["bun", "latest"],
  ["deno", "latest"]
])

const installRuntimes = async (folder: string): Promise<void> => {
  mkdirSync(folder)
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: programs }))
  await run("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder })
}

const folderOf = (folder: string, runtime: Runtime): string =>
  join(folder, "runtimes/node_modules", runtime.folder)

const programOf = (folder: string, runtime: Runtime): string =>
  join(folderOf(folder, runtime), runtime.program)

/** Reads over `fetch` from the emulator of another process, and from one in the same process. */
const tryLibraries = async (folder: string, runtime: Runtime, running: Running): Promise<void> => {
  const program = (name: string, ...args: ReadonlyArray<string>) =>
    run(programOf(folder, runtime), [...(runtime.args ?? []), join(folder, "out", `${name}.js`), ...args], {
      cwd: folder
    })
  const read = await program("read", running.baseUrl)
  must(read.trim() === JSON.stringify(running.truth), `${runtime.name} read ${read}`)
  const inProcess = await program("inProcess")
  must(inProcess.trim() === String(running.truth["chatling"]), `${runtime.name} read ${inProcess} in process`)
}

const tryCommand = async (folder: string, runtime: Runtime): Promise<void> => {
  const program = programOf(folder, runtime)
  const args = [...(runtime.args ?? []), commandIn(folder), "--version"]
  const { code, stderr, stdout } = await attempt(program, args, { cwd: folder })
  if (runtime.command) return must(code === 0, `${runtime.name}: the command ended with ${code}: ${stderr}`)
  must(
    code === 2 && stdout === "" && /^error: Usage: colloquy needs Node [^\n]+\n$/.test(stderr),
    `${runtime.name}: the command ended with ${code}: ${stdout}${stderr}`
  )
}

await withFolder(async (folder) => {
  const tarballs = await pack(join(folder, "tarballs"))
  await install(folder, tarballs, tools)
  await installRuntimes(join(folder, "runtimes"))
  writePrograms(folder, tarballs)
  await compile(folder, "typescript-oldest", "NodeNext")
  await withEmulator(folder, async (running) => {
    for (const runtime of runtimes) {
      if (runtime.libraries) await tryLibraries(folder, runtime, running)
      await tryCommand(folder, runtime)
      const libraries = runtime.libraries ? "the libraries read everything" : "not supported"
      const command = runtime.command ? "the command runs" : "the command says what it needs"
      say(
        `${runtime.name} ${manifestIn(folderOf(folder, runtime)).version.replace("v", "")}: ${libraries}; ${command}`
      )
    }
  })
})
