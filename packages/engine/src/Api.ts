/**
 * What a vendor's API is asked and what it answers, before anything of HTTP.
 */
import type { Fault } from "./Faults.ts"

/** A request that was let in. */
export interface Ask {
  /** Decoded segments of the path. */
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
  readonly faults: ReadonlyArray<Fault>
}

/** Status and JSON. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What can be wrong, whichever the vendor. */
export type Failure = "unauthorized" | "notFound" | "badRequest" | "rateLimited" | "internal" | "unavailable"

/** The HTTP status of each failure. */
export const statusOf: Readonly<Record<Failure, number>> = {
  unauthorized: 401,
  notFound: 404,
  badRequest: 400,
  rateLimited: 429,
  internal: 500,
  unavailable: 503
}

/** A vendor's API. */
export interface Api {
  /** Answers a request whose token is good. */
  readonly handle: (ask: Ask) => Answer
  /** A failure in the vendor's own shape. */
  readonly failure: (failure: Failure, message: string) => Answer
}

/** A success. */
export const ok = (body: unknown): Answer => ({ status: 200, body })
