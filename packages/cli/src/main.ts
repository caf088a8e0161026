#!/usr/bin/env node
/**
 * The entry point of the `colloquy` command. Old versions of Node must be able to read it: all but the check of the
 * runtime is loaded afterwards.
 */
import { obstacle } from "./runtime.ts"

const refuse = (reason: string): void => {
  process.stderr.write(`error: Usage: ${reason}\n`)
  process.exitCode = 2
}

const run = async (): Promise<void> => {
  // Halves the start-up time from the second start on: the imports below are compiled once.
  const { enableCompileCache } = await import("node:module")
  enableCompileCache()
  const copies = (await import("./copies.ts")).obstacle(import.meta.url)
  if (copies !== undefined) return refuse(copies)
  // Compiles schemas on first use. Must be imported before any schema is made.
  await import("effect/schema/SchemaJITCompiler/enable")
  const { start } = await import("./start.ts")
  start(process.argv.slice(2))
}

const reason = obstacle(process.versions)
if (reason === undefined) void run()
else refuse(reason)
