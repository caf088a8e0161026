/**
 * One page of a listing: its request, and its answer as rows and claims, as the end, or as a failure.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as Json from "../http/json.ts"
import type { Target, VendorClient } from "../http/VendorClient.ts"
import { InvalidResponse, SourceError } from "../model/SourceError.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { Envelope } from "./Listing.ts"
import * as Rows from "./rows.ts"

type Answer = Pagination.Received<unknown> | Pagination.PastEnd<SourceError>

type Request = Pagination.RequestOf<Pagination.Strategy>

/** What a page's fetch needs of its listing. */
interface Fetching {
  readonly client: VendorClient
  readonly operation: string
  readonly target: (request: Request) => Target
  readonly envelope: (body: unknown, headers: Headers.Headers) => Envelope | undefined
  readonly pastEndCode: string | undefined
  readonly maxRows: number
  readonly flaws: Rows.Flaws
}

/** The function that fetches a page. */
export const make =
  (fetching: Fetching) =>
  (request: Request, isFirst: boolean): Effect.Effect<Answer, SourceError> => {
    const { client, envelope: read, flaws, maxRows, operation, target } = fetching
    return client.get({ operation, ...target(request) }).pipe(
      Effect.flatMap(({ altered, body, headers }) => {
        const envelope = read(body, headers)
        const inRows = Rows.noteAltered(flaws, envelope?.rows ?? [], altered)
        if (!inRows) return Effect.fail(invalid(fetching, "envelope", Json.tooDeep))
        if (envelope === undefined) return Effect.fail(invalid(fetching, "envelope", noList))
        const { length } = envelope.rows
        if (length > maxRows) return Effect.fail(invalid(fetching, "tooLarge", tooMany(length, maxRows)))
        return Effect.succeed<Answer>(Pagination.received(envelope.rows, envelope))
      }),
      Effect.catchIf(
        (error) => mayBePastEnd(fetching, isFirst, error),
        (error) => Effect.succeed<Answer>(Pagination.pastEnd(error, isDocumentedEnd(fetching, error)))
      )
    )
  }

/** Behind the first page a refusal may be about the page; on the first only the documented code is. */
const mayBePastEnd = (fetching: Fetching, isFirst: boolean, error: SourceError): boolean => {
  const { reason } = error
  if (reason._tag !== "NotFound" && reason._tag !== "InvalidRequest") return false
  return !isFirst || isDocumentedEnd(fetching, error)
}

const isDocumentedEnd = ({ pastEndCode }: Fetching, { reason }: SourceError): boolean =>
  reason._tag === "InvalidRequest" && reason.code !== null && reason.code === pastEndCode

const noList = "the JSON has no list where the vendor documents one"

const tooMany = (came: number, maxRows: number): string =>
  `${came} rows came in one answer, ${maxRows} are taken at most; ask for smaller pages`

const invalid = (
  { client: { account, vendor }, operation }: Fetching,
  kind: InvalidResponse["kind"],
  problem: string
): SourceError =>
  new SourceError({
    vendor,
    account,
    operation,
    reason: new InvalidResponse({
      kind,
      problem,
      position: null,
      status: null,
      code: null,
      vendorMessage: null
    })
  })
