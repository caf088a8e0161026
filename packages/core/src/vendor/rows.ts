/**
 * Checks the rows of an answer one by one. Rows that do not fit are set aside with their index and the problem.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Json from "../http/json.ts"
import * as Page from "../model/Page.ts"
import type { InvalidResponse } from "../model/SourceError.ts"
import { record, type RowSchema } from "./Codec.ts"

/** Problems of rows besides their shape, in words. */
export interface Flaws {
  any: boolean
  readonly problems: WeakMap<object, string>
}

/** No flaws, for the start of a walk. */
export const makeFlaws = (): Flaws => ({ any: false, problems: new WeakMap() })

type Key = ((row: unknown) => string | undefined) | undefined

/** Keys of rows without a flaw. A flawed row's id is not reliable, so its key is a hash of its contents. */
export const keyUnlessFlawed = (key: Key, flaws: Flaws): Key =>
  key &&
  ((row) => (flaws.any && Predicate.isObjectOrArray(row) && flaws.problems.has(row) ? undefined : key(row)))

const mark = (flaws: Flaws, row: unknown, problem: string): void => {
  if (!Predicate.isObjectOrArray(row)) return
  flaws.any = true
  flaws.problems.set(row, problem)
}

/** Marks a row with the id of another row of its answer. */
export const markConflict = (flaws: Flaws, row: unknown): void =>
  mark(flaws, row, "another row of the same answer has its id and other contents")

/**
 * Marks the rows that differ from what was sent. Returns false if something outside the rows is nested too deep,
 * which is an error of the envelope.
 *
 * Integers in ids are text from here on, and exact. Any other integer beyond a double's precision would be a wrong
 * number.
 */
export const markAltered = (flaws: Flaws, rows: ReadonlyArray<unknown>, altered: Json.Altered): boolean => {
  if (altered.size === 0) return true
  let deep = 0
  for (const row of rows) {
    const fields = Json.alteredIn(row, altered)
    const deepHere = Json.deepFields(fields)
    deep += deepHere
    const lost = fields.find(({ kind, name }) => kind !== "digits" || !isIdName(name))
    if (deepHere > 0) mark(flaws, row, Json.tooDeep)
    else if (lost !== undefined) {
      mark(flaws, row, `the number in "${lost.name}" has more digits than can be kept`)
    }
  }
  return deep === Json.deepFields([...altered.values()].flat())
}

/** Rows in another shape, each with the flaw that it had. */
export const reshaped = (
  flaws: Flaws,
  rows: ReadonlyArray<unknown>,
  reshape: (row: unknown) => unknown
): ReadonlyArray<unknown> =>
  rows.map((row) => {
    const other = reshape(row)
    const problem = Predicate.isObjectOrArray(row) ? flaws.problems.get(row) : undefined
    if (problem !== undefined) mark(flaws, other, problem)
    return other
  })

/** Matches `id`, `message_id` and `userId`. */
const isIdName = (name: string): boolean => /(?:^|[_-])id$|Id$|ID$/.test(name)

/** How rows are checked. */
interface Checks<Wire> {
  readonly row: RowSchema<Wire>
  readonly origin: Page.Origin
  readonly undecodable: "fail" | "keep"
}

/** Checks the rows of a page. */
export const checked = <Wire>(
  { origin, row, undecodable }: Checks<Wire>,
  flaws: Flaws,
  page: Page.Page<unknown>
): Effect.Effect<Page.Page<Wire>, InvalidResponse> => {
  if (!flaws.any && fits(row, page)) return Effect.succeed(page)
  const partitioned = partition(row, flaws, origin, page)
  const [first] = partitioned.undecodable
  return first === undefined || undecodable === "keep"
    ? Effect.succeed(partitioned)
    : Effect.fail(record(first.problem, first.index))
}

/** Whether every row of the page fits. */
const fits = <Wire>({ is }: RowSchema<Wire>, page: Page.Page<unknown>): page is Page.Page<Wire> =>
  page.items.every(is)

/** Splits the rows into those that fit and those that do not, with their indexes. */
const partition = <Wire>(
  { is, problem }: RowSchema<Wire>,
  { problems }: Flaws,
  origin: Page.Origin,
  page: Page.Page<unknown>
): Page.Page<Wire> => {
  const items: Array<Wire> = []
  const undecodable: Array<Page.Undecodable> = []
  for (const [at, row] of page.items.entries()) {
    const flaw = Predicate.isObjectOrArray(row) ? problems.get(row) : undefined
    if (flaw === undefined && is(row)) items.push(row)
    else {
      const index = page.start + at
      undecodable.push({ index, problem: flaw ?? problem(row), json: jsonOf(row), origin })
    }
  }
  return { ...page, items, undecodable: undecodable.length === 0 ? Page.allDecoded : undecodable }
}

const isJson = Schema.is(Schema.Json)

/** Narrows the type: rows of a client are JSON. */
const jsonOf = (row: unknown): Schema.Json => (isJson(row) ? row : null)
