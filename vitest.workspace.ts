import { readdirSync } from "node:fs"
import { defineConfig } from "vitest/config"

/** One Vitest project per package that has tests. */
const packages = readdirSync(new URL("packages", import.meta.url))

export default defineConfig({
  test: {
    projects: packages.map((name) => ({
      extends: true,
      test: {
        name,
        root: `packages/${name}`,
        include: ["test/**/*.test.ts"],
        testTimeout: 30_000,
        hookTimeout: 30_000
      }
    })),
    passWithNoTests: false
  }
})
