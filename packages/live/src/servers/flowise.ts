/**
 * Flowise: its packages from npm, of which one is compiled.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs"
import { join } from "node:path"
import { cacheOf, command, folderOf, run, type CachedServer, versionOf } from "../Server.ts"

const version = versionOf("flowise", "flowise")
const folder = cacheOf(`flowise-${version}`)

/** Flowise, with its packages in `folder`. */
export const flowise: CachedServer = {
  name: "flowise",
  folder,
  title: `Flowise ${version}`,
  costs: "2.7 GB of npm packages and five minutes",
  needs: [
    { what: "Node 24", isMet: () => process.version.startsWith("v24.") },
    ...["npm", "python3", "make", "c++"].map(command)
  ],
  install: async () => {
    if (existsSync(folder)) return
    const part = `${folder}.part`
    mkdirSync(part, { recursive: true })
    copyFileSync(join(folderOf("flowise"), "package.json"), join(part, "package.json"))
    // Its peers contradict each other, and its scripts fetch programs that keeping messages does not need.
    const how = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"]
    await run(part, "npm", "install", ...how)
    await run(join(part, "node_modules/sqlite3"), "npx", "--no-install", "node-gyp", "rebuild")
    renameSync(part, folder)
  }
}
