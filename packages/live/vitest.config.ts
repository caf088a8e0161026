import { defineConfig } from "vitest/config"

/** Live tests are no part of `pnpm test`: `pnpm live NAME…` installs their servers and runs them. */
export default defineConfig({
  test: {
    name: "live",
    root: import.meta.dirname,
    include: ["test/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file starts a server of its own.
    fileParallelism: false
  }
})
