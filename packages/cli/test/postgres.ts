/**
 * A real Postgres for as long as a scope lives.
 */
import { start } from "@colloquy/postgres-server"
import { Effect, Redacted } from "effect"

/** Starts a server; makes a new, empty database each time it is asked. */
export const postgres = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => start()),
    ({ remove }) => Effect.promise(remove)
  )
  let made = 0
  return {
    fresh: Effect.map(
      Effect.promise(() => server.createDatabase(`archive_${(made += 1)}`)),
      (url) => Redacted.make(url)
    )
  }
})
