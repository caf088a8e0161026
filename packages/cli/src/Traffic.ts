/**
 * The requests of one source, for the line of progress and for what is said at the end.
 */
import type { VendorClient } from "@colloquy/core/vendor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** What a source's client has met so far. */
export interface Traffic {
  requests: number
  /** Requests among them that were sent again. */
  retries: number
  /** Milliseconds waited on the vendor's rate limit. */
  waited: number
}

/** Nothing yet. */
export const make = (): Traffic => ({ requests: 0, retries: 0, waited: 0 })

/** Counts what a client tells of its requests. */
export const counting =
  (traffic: Traffic) =>
  (event: VendorClient.RequestEvent): Effect.Effect<void> =>
    Effect.sync(() => {
      switch (event._tag) {
        case "Sent":
          traffic.requests += 1
          return
        case "Retrying":
          traffic.retries += 1
          return
        case "Waited":
          traffic.waited += Duration.toMillis(event.wait)
      }
    })
