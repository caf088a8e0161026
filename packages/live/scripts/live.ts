/**
 * `pnpm live NAME…`: installs real servers, each into its own folder, and runs their live tests.
 *
 * Ends with 0 if all tests pass, with 2 if a name is not known or something that a server needs is missing, else with 1.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { Process, type Server, servers } from "@colloquy/live"

const all: ReadonlyArray<Server.Server> = Object.values(servers)

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const list = (): void => {
  say("usage: pnpm live NAME…\n")
  for (const { costs, name, needs, title } of all) {
    const also = needs.map(({ what }) => `, ${what}`).join("")
    say(`  ${name.padEnd(12)}${title}; needs ${costs}${also}`)
  }
}

/** Whether everything that a server needs is there. What is missing is said. */
const isReady = ({ costs, needs, title }: Server.Server): boolean => {
  say(`${title} needs ${[costs, ...needs.map(({ what }) => what)].join(", ")}.`)
  const missing = needs.filter(({ isMet }) => !isMet())
  for (const { what } of missing) say(`error: ${title} needs ${what}, which is not here`)
  return missing.length === 0
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

const install = async ({ install, title }: Server.Server): Promise<void> => {
  const start = performance.now()
  await install()
  say(`${title} is installed, in ${seconds(start)}.`)
}

/** Runs the tests of these servers; whether they passed. */
const test = async (chosen: ReadonlyArray<Server.Server>): Promise<boolean> => {
  const folder = join(import.meta.dirname, "..")
  const files = chosen.map(({ name }) => `test/${name}.test.ts`)
  const start = performance.now()
  const child = spawn("vitest", ["run", "--root", folder, ...files], { cwd: folder, stdio: "inherit" })
  const [code] = await once(child, "exit")
  if (code !== 0) {
    for (const { name, title } of chosen) say(`what ${title} printed: ${Process.logOf(name)}`)
  }
  say(`The live tests took ${seconds(start)}.`)
  return code === 0
}

const main = async (names: ReadonlyArray<string>): Promise<number> => {
  const chosen = all.filter(({ name }) => names.includes(name))
  const unknown = names.filter((name) => !all.some((server) => server.name === name))
  if (names.length === 0 || unknown.length > 0) {
    for (const name of unknown) say(`error: there is no server ${name} here`)
    list()
    return 2
  }
  const ready = chosen.map(isReady)
  if (ready.includes(false)) return 2
  for (const server of chosen) await install(server)
  return (await test(chosen)) ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  say(`error: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
