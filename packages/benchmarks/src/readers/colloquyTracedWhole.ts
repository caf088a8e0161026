/**
 * Colloquy with schemas compiled, and a tracer that keeps the spans themselves.
 */
import "effect/schema/SchemaJITCompiler/enable"
import { traced } from "./traced.ts"

export const read = traced("spans")
