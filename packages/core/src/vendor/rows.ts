/**
 * Rows of an answer, checked one by one: what fits, and what is set aside with its place and what is wrong with it.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Json from "../http/json.ts"
import * as Page from "../model/Page.ts"
import type { InvalidResponse } from "../model/SourceError.ts"
import { record, type RowSchema } from "./Codec.ts"

/** What is wrong with rows besides their shape, in words. */
export interface Flaws {
  any: boolean
  readonly problems: WeakMap<object, string>
}

/** For a walk at its start. */
export const noFlaws = (): Flaws => ({ any: false, problems: new WeakMap() })

type Key = ((row: unknown) => string | undefined) | undefined

/** Rows that did not come as they were sent have no id that can be trusted: each is known by all that it holds. */
export const keyUnlessFlawed = (key: Key, flaws: Flaws): Key =>
  key && ((row) => (flaws.any && isRecord(row) && flaws.problems.has(row) ? undefined : key(row)))

const note = (flaws: Flaws, row: unknown, problem: string): void => {
  if (!isRecord(row)) return
  flaws.any = true
  flaws.problems.set(row, problem)
}

/** Notes a row that has the id of another row of its answer. */
export const noteConflict = (flaws: Flaws, row: unknown): void =>
  note(flaws, row, "another row of the same answer has its id and other contents")

/**
 * Notes the rows that did not come as they were sent, and says whether those are all that did not: what is too deep in
 * front of or behind the rows is the envelope's.
 *
 * Ids are text from here on, and exact. Any other integer that no double holds would be another number.
 */
export const noteAltered = (flaws: Flaws, rows: ReadonlyArray<unknown>, altered: Json.Altered): boolean => {
  if (altered.size === 0) return true
  let deep = 0
  for (const row of rows) {
    const fields = Json.alteredIn(row, altered)
    const deepHere = Json.deepFields(fields)
    deep += deepHere
    const lost = fields.find(({ kind, name }) => kind !== "digits" || !isIdName(name))
    if (deepHere > 0) note(flaws, row, Json.tooDeep)
    else if (lost !== undefined) {
      note(flaws, row, `the number in "${lost.name}" has more digits than can be kept`)
    }
  }
  return deep === Json.deepFields([...altered.values()].flat())
}

/** `id`, `message_id`, `userId`. */
const isIdName = (name: string): boolean => /(?:^|[_-])id$|Id$|ID$/.test(name)

/** How rows are checked. */
interface Checks<Wire> {
  readonly row: RowSchema<Wire>
  readonly origin: Page.Origin
  readonly undecodable: "fail" | "keep"
}

/** The page with its rows checked. */
export const checked = <Wire>(
  { origin, row, undecodable }: Checks<Wire>,
  flaws: Flaws,
  page: Page.Page<unknown>
): Effect.Effect<Page.Page<Wire>, InvalidResponse> => {
  if (!flaws.any && fits(row, page)) return Effect.succeed(page)
  const parted = setAside(row, flaws, origin, page)
  const [first] = parted.undecodable
  return first === undefined || undecodable === "keep"
    ? Effect.succeed(parted)
    : Effect.fail(record(first.problem, first.index))
}

/** Whether every row of the page fits: it is then a page of such rows as it is. */
const fits = <Wire>({ is }: RowSchema<Wire>, page: Page.Page<unknown>): page is Page.Page<Wire> =>
  page.items.every(is)

/** The page with its rows parted: those that fit, and those that do not, with their places. */
const setAside = <Wire>(
  { is, problem }: RowSchema<Wire>,
  { problems }: Flaws,
  origin: Page.Origin,
  page: Page.Page<unknown>
): Page.Page<Wire> => {
  const items: Array<Wire> = []
  const undecodable: Array<Page.Undecodable> = []
  for (const [at, row] of page.items.entries()) {
    const flaw = isRecord(row) ? problems.get(row) : undefined
    if (flaw === undefined && is(row)) items.push(row)
    else {
      const index = page.start + at
      undecodable.push({ index, problem: flaw ?? problem(row), json: jsonOf(row), origin })
    }
  }
  return { ...page, items, undecodable: undecodable.length === 0 ? Page.allDecoded : undecodable }
}

const isJson = Schema.is(Schema.Json)

/** What a client has parsed is JSON. */
const jsonOf = (row: unknown): Schema.Json => (isJson(row) ? row : null)

const isRecord = (row: unknown): row is Readonly<Record<string, unknown>> =>
  typeof row === "object" && row !== null
