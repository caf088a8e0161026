#!/usr/bin/env node
/**
 * The entry point of the `colloquy` command.
 */
import { enableCompileCache } from "node:module"

// Halves the start-up time from the second start on: the imports below are compiled once.
enableCompileCache()
// Compiles schemas on first use. Must be imported before any schema is made.
await import("effect/schema/SchemaJITCompiler/enable")
const { start } = await import("./start.ts")
start(process.argv.slice(2))
