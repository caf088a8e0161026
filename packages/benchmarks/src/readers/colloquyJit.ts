/**
 * Colloquy with schemas compiled to functions. The compiler has to be switched on before any schema is made.
 */
import "effect/schema/SchemaJITCompiler/enable"

export { read } from "./colloquy.ts"
