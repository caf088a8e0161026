/**
 * Fetches one page of a listing: rows and claims, a page past the end, or a failure.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as Json from "../http/json.ts"
import type { Target, VendorClient } from "../http/VendorClient.ts"
import {
  type InvalidRequest,
  InvalidResponse,
  type NotFound,
  type Reason,
  SourceError
} from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { Envelope } from "./Listing.ts"
import * as Rows from "./rows.ts"

type Answer = Pagination.Received<unknown> | Pagination.PastEnd<SourceError>

type Request = Pagination.RequestOf<Pagination.Strategy>

/** What fetching needs of its listing. */
interface FetchContext {
  readonly client: VendorClient
  readonly operation: string
  readonly target: (request: Request) => Target
  readonly envelope: (body: unknown, headers: Headers.Headers) => Envelope | undefined
  readonly reshape: ((row: unknown, body: unknown) => unknown) | undefined
  readonly pastEndCode: string | undefined
  readonly maxRows: number
  readonly flaws: Rows.Flaws
}

/** Makes the function that fetches a page. */
export const make =
  (context: FetchContext) =>
  (request: Request, isFirst: boolean): Effect.Effect<Answer, SourceError> => {
    const { client, envelope: read, flaws, maxRows, operation, reshape, target } = context
    return client.read({ operation, ...target(request) }).pipe(
      Effect.flatMap(({ altered, body, headers }) => {
        const envelope = read(body, headers)
        const isInRows = Rows.markAltered(flaws, envelope?.rows ?? [], altered)
        if (!isInRows) return Effect.fail(invalid(context, "envelope", Json.tooDeep))
        if (envelope === undefined) return Effect.fail(invalid(context, "envelope", noList))
        const { length } = envelope.rows
        if (length > maxRows) return Effect.fail(invalid(context, "tooLarge", tooMany(length, maxRows)))
        const rows =
          reshape === undefined
            ? envelope.rows
            : Rows.reshaped(flaws, envelope.rows, (row) => reshape(row, body))
        return Effect.succeed<Answer>(Pagination.received(rows, envelope))
      }),
      Effect.catchIf(
        (error) => mayBePastEnd(context, isFirst, error),
        (error) => Effect.succeed<Answer>(Pagination.pastEnd(error, isDocumentedEnd(context, error)))
      )
    )
  }

/** After the first page, a refusal may mean a page past the end. On the first page, only the documented code does. */
const mayBePastEnd = (context: FetchContext, isFirst: boolean, error: SourceError): boolean => {
  if (!isRefusal(error.reason)) return false
  return !isFirst || isDocumentedEnd(context, error)
}

const isRefusal = (reason: Reason): reason is NotFound | InvalidRequest =>
  reason._tag === "NotFound" || reason._tag === "InvalidRequest"

const isDocumentedEnd = ({ pastEndCode }: FetchContext, { reason }: SourceError): boolean =>
  isRefusal(reason) && reason.code !== null && reason.code === pastEndCode

const noList = "the JSON has no list where the vendor documents one"

const tooMany = (came: number, maxRows: number): string =>
  `${came} rows came in one answer, ${maxRows} are taken at most; ask for smaller pages`

const invalid = (
  { client: { account, vendor }, operation }: FetchContext,
  kind: InvalidResponse["kind"],
  problem: string
): SourceError =>
  new SourceError({ vendor, account, operation, reason: InvalidResponse.refuse(kind, problem) })
