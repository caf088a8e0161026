/**
 * A vendor's API as requests and answers, without HTTP.
 */
import type { Fault } from "./Faults.ts"

/** A request with a valid token. */
export interface ApiRequest {
  /** Decoded segments of the path. */
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
  readonly faults: ReadonlyArray<Fault>
  /** The JSON body of a POST; undefined for a GET, and for a body that is no JSON. */
  readonly body?: unknown
}

/** A status and JSON. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The failures that every vendor can answer with. */
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
  /** Answers a request with a valid token. */
  readonly handle: (request: ApiRequest) => Answer
  /** Whether a path is read by POST. Default: all paths are read by GET. */
  readonly isPost?: ((path: ReadonlyArray<string>) => boolean) | undefined
  /** A failure in the vendor's own shape. */
  readonly failure: (failure: Failure, message: string) => Answer
}

/** A success. */
export const ok = (body: unknown): Answer => ({ status: 200, body })
