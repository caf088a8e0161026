/**
 * Colloquy with schemas compiled, and a tracer that keeps what an exporter would.
 */
import "effect/schema/SchemaJITCompiler/enable"
import { traced } from "./traced.ts"

export const read = traced("records")
