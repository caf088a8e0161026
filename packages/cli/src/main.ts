#!/usr/bin/env node
/**
 * The entry point of the `colloquy` command.
 */
import { enableCompileCache } from "node:module"

// Halves the time to start, from the second start on: what follows is compiled once.
enableCompileCache()
// Schemas are compiled when they are first used, if this comes before all of them.
await import("effect/schema/SchemaJITCompiler/enable")
const { start } = await import("./start.ts")
start(process.argv.slice(2))
