/**
 * Metrics of walks over vendors' listings.
 */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import type { VendorClient } from "../http/VendorClient.ts"
import type { Page } from "../model/Page.ts"
import type { SourceError } from "../model/SourceError.ts"

/** Walks that ended on a proof, by vendor, account and operation. */
export const completedCount = Metric.counter("colloquy_walks_completed", {
  description: "Walks over a listing that ended on a proof",
  incremental: true
})
/** Walks that failed, by vendor, account, operation and reason. */
export const failureCount = Metric.counter("colloquy_walk_failures", {
  description: "Walks over a listing that failed",
  incremental: true
})

/** Counts the end of each walk. One that its reader leaves before the end is not counted. */
export const counted = <A>(
  pages: Stream.Stream<Page<A>, SourceError>,
  { account, vendor }: VendorClient,
  operation: string
): Stream.Stream<Page<A>, SourceError> => {
  const completed = Metric.update(Metric.withAttributes(completedCount, { vendor, account, operation }), 1)
  return pages.pipe(
    // A reader may leave after the last page, before the stream ends.
    Stream.tap((page) => (page.completion === null ? Effect.void : completed)),
    Stream.tapError(({ reason }) =>
      Metric.update(
        Metric.withAttributes(failureCount, { vendor, account, operation, reason: reason._tag }),
        1
      )
    )
  )
}
