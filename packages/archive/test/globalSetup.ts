/**
 * One Postgres server for all suites of the package: started before them, stopped and removed behind them.
 */
import { start } from "@colloquy/postgres-server"
import type { TestProject } from "vitest/node"

export default async (project: TestProject) => {
  const server = await start()
  project.provide("postgres", { url: server.url, folder: server.folder })
  return server.remove
}

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: { readonly url: string; readonly folder: string }
  }
}
