import { existsSync, readdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

/** One Vitest project per package that has tests. Those of `live` need servers, which `pnpm live` installs first. */
const packages = readdirSync(new URL("packages", import.meta.url)).filter((name) => name !== "live")

/** What a package starts before its tests, such as a database. */
const setupOf = (name: string) =>
  existsSync(new URL(`packages/${name}/test/globalSetup.ts`, import.meta.url)) ? ["test/globalSetup.ts"] : []

export default defineConfig({
  test: {
    projects: packages.map((name) => ({
      extends: true,
      test: {
        name,
        root: `packages/${name}`,
        include: ["test/**/*.test.ts"],
        globalSetup: setupOf(name),
        testTimeout: 30_000,
        hookTimeout: 30_000
      }
    })),
    // On two cores one worker would wait half of its time for the processes that it has started.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false
  }
})
