import { existsSync, readdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** One Vitest project per package that has tests. Those of `live` need servers, which `pnpm live` installs first. */
const packages = readdirSync(new URL("packages", import.meta.url)).filter((name) => name !== "live")

/** What a package starts before its tests, such as a database. */
const setupOf = (name: string) =>
  existsSync(new URL(`packages/${name}/test/globalSetup.ts`, import.meta.url)) ? ["test/globalSetup.ts"] : []

const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/packages/simulator/test/")

/** Begins with the longest files: at the end, one would run while all other workers wait. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
