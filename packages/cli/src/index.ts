/**
 * The `colloquy` command as a library: run it with arguments, or reuse its parts.
 */
export * as Cli from "./Cli.ts"
export * as Failure from "./Failure.ts"
