/**
 * The requests of a walk, one kind per strategy.
 */
import type { Strategy } from "./strategy.ts"

/** A request for a numbered page. */
export interface PageRequest {
  /** Counts from 1. */
  readonly page: number
  /** Rows to request; null for the server's default. */
  readonly size: number | null
}

/** A request for rows from an offset. */
export interface OffsetRequest {
  /** Counts from 0. */
  readonly offset: number
  /** Rows to request; null for the server's default. */
  readonly size: number | null
}

/** A request for the page of a token or link. */
export interface CursorRequest {
  /** The token or link of the page before; null for the first page. */
  readonly cursor: string | null
  /** Rows to request; null for the server's default. */
  readonly size: number | null
}

/** A request for the whole listing. */
export interface OneAnswerRequest {
  /** Always null: there are no pages. */
  readonly size: number | null
}

interface Requests {
  readonly PageNumber: PageRequest
  readonly Offset: OffsetRequest
  readonly Cursor: CursorRequest
  readonly OneAnswer: OneAnswerRequest
}

/** The request of a strategy. */
export type RequestOf<S extends Strategy> = Requests[S["_tag"]]

/** A request inside a walk; each strategy uses some of the fields. */
export interface AnyRequest extends PageRequest, OffsetRequest, CursorRequest {}

const requests: { readonly [Tag in keyof Requests]: (request: AnyRequest) => Requests[Tag] } = {
  PageNumber: ({ page, size }) => ({ page, size }),
  Offset: ({ offset, size }) => ({ offset, size }),
  Cursor: ({ cursor, size }) => ({ cursor, size }),
  OneAnswer: ({ size }) => ({ size })
}

/** A walk's request with only the fields of its strategy. */
export const requestOf = <S extends Strategy>(strategy: S, request: AnyRequest): RequestOf<S> => {
  const tag: S["_tag"] = strategy._tag
  return requests[tag](request)
}

/** The request for the first page, of the server's default size. */
export const firstRequest = <S extends Strategy>(strategy: S): RequestOf<S> =>
  requestOf(strategy, { page: 1, offset: 0, size: null, cursor: null })
