/**
 * What a walk asks for: by each strategy a request of its own.
 */
import type { Strategy } from "./strategy.ts"

/** A request for a numbered page. */
export interface PageRequest {
  /** Counts from 1. */
  readonly page: number
  /** Rows to ask for; null where the server's own number is meant. */
  readonly size: number | null
}

/** A request for rows from an offset. */
export interface OffsetRequest {
  /** Counts from 0. */
  readonly offset: number
  /** Rows to ask for; null where the server's own number is meant. */
  readonly size: number | null
}

/** A request for what a token or a link leads to. */
export interface CursorRequest {
  /** The token or link that the page before gave; null for the first page. */
  readonly cursor: string | null
  /** Rows to ask for; null where the server's own number is meant. */
  readonly size: number | null
}

interface Requests {
  readonly PageNumber: PageRequest
  readonly Offset: OffsetRequest
  readonly Cursor: CursorRequest
}

/** The request that a strategy makes. */
export type RequestOf<S extends Strategy> = Requests[S["_tag"]]

/** A request inside a walk, whatever its strategy: each strategy has a use for some of the fields only. */
export interface AnyRequest extends PageRequest, OffsetRequest, CursorRequest {}

const requests: { readonly [Tag in keyof Requests]: (request: AnyRequest) => Requests[Tag] } = {
  PageNumber: ({ page, size }) => ({ page, size }),
  Offset: ({ offset, size }) => ({ offset, size }),
  Cursor: ({ cursor, size }) => ({ cursor, size })
}

/** A walk's request, with the fields of its strategy. */
export const requestOf = <S extends Strategy>(strategy: S, request: AnyRequest): RequestOf<S> => {
  const tag: S["_tag"] = strategy._tag
  return requests[tag](request)
}

/** The request for the first page, of as many rows as the server chooses. */
export const firstRequest = <S extends Strategy>(strategy: S): RequestOf<S> =>
  requestOf(strategy, { page: 1, offset: 0, size: null, cursor: null })
