/**
 * The cost of windows: the requests of a walk with overlapping pages, compared with plain page numbers.
 */
import { Pagination } from "@colloquy/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { grouped, type Options, type Report } from "./report.ts"

/** Rows of a listing, from a short conversation to the longest. */
const lengths = [10, 45, 100, 250, 1000, 10_000, 100_000, 1_000_000]
/** Page sizes: the vendors' defaults, their maxima, and sizes between. */
const sizes = [20, 50, 100, 1000]

interface Row {
  readonly id: number
}

/** How many requests a walk takes. */
const requests = Effect.fnUntraced(function* (length: number, size: number, overlap: boolean) {
  let asked = 0
  const strategy = Pagination.pageNumber({ size, ends: ["emptyPage"] })
  const pages = Pagination.pages(
    strategy,
    ({ page, size }) =>
      Effect.sync(() => {
        asked += 1
        const start = (page - 1) * (size ?? 1)
        const count = Math.max(0, Math.min(size ?? 1, length - start))
        return Pagination.received(Array.from({ length: count }, (_, at): Row => ({ id: start + at })))
      }),
    { key: ({ id }) => String(id), overlap }
  )
  yield* Stream.runDrain(pages)
  return asked
})

/** The benchmark. */
export const windows = ({ quick }: Options): Effect.Effect<Report> =>
  Effect.gen(function* () {
    const measured = yield* Effect.forEach(quick ? lengths.slice(0, 5) : lengths, (length) =>
      Effect.forEach(sizes, (size) =>
        Effect.all({
          length: Effect.succeed(length),
          size: Effect.succeed(size),
          plain: requests(length, size, false),
          overlapping: requests(length, size, true)
        })
      )
    )
    return {
      what: "Requests of a walk without a total: by plain page numbers, by windows that overlap, and the ratio. The last request of each proves the end.",
      table: {
        columns: ["rows", ...sizes.map((size) => `${size} a page`)],
        rows: measured.map((row) => [
          grouped(row[0]?.length ?? 0),
          ...row.map(
            ({ overlapping, plain }) =>
              `${grouped(plain)} → ${grouped(overlapping)} (${(overlapping / plain).toFixed(2)})`
          )
        ])
      },
      data: measured.flat()
    }
  }).pipe(Effect.orDie)
