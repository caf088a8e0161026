/**
 * The client's own time limit for a statement: if packets are dropped, no limit of the server can end it.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"

/** Whether statements have no limit: how long it takes to rewrite tables depends on their size. */
export const Unlimited = Context.Reference<boolean>("@colloquy/archive/Unlimited", {
  defaultValue: () => false
})

/** Fails a statement without an answer within the limit, and cancels it if the server can be reached. */
export const within =
  (limit: Duration.Duration) =>
  <A>(statement: Effect.Effect<A, SqlError>): Effect.Effect<A, SqlError> =>
    Effect.flatMap(Unlimited, (unlimited) =>
      unlimited
        ? statement
        : Effect.timeoutOrElse(Effect.interruptible(statement), {
            duration: limit,
            orElse: () => Effect.fail(silent)
          })
    )

const message = "the server did not answer in time"

const silent = new SqlError({
  reason: new ConnectionError({ cause: new Error(message), message, operation: "execute" })
})
