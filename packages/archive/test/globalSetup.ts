/**
 * One Postgres server for all suites of the package: started before them, stopped and removed behind them.
 */
import type { TestProject } from "vitest/node"
import * as Server from "./server.ts"

export default async (project: TestProject) => {
  const server = await Server.start()
  project.provide("postgres", { url: server.url, folder: server.folder })
  return server.remove
}

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: { readonly url: string; readonly folder: string }
  }
}
