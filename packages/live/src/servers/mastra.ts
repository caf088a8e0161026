/**
 * Mastra: its own handlers over storage in memory.
 */
import { fromLockfile, type Server, versionOf } from "../Server.ts"

export const mastra: Server = {
  name: "mastra",
  title: `Mastra ${versionOf("mastra", "@mastra/core")}`,
  costs: "210 MB of npm packages",
  needs: [],
  install: fromLockfile("mastra")
}
