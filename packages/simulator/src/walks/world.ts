/**
 * A list that changes while it is walked, and what a walk may and must give of it.
 */
import type { Change } from "./case.ts"

export interface Row {
  readonly id: string
}

/** The current list and its past. */
export interface World {
  list: ReadonlyArray<Row>
  requests: number
  /** Every row that it ever had. */
  readonly ever: Set<string>
  /** Rows that were always there. */
  readonly lasting: Set<string>
  /** Changes that were made. */
  readonly made: Set<Change["kind"]>
  readonly removed: Array<{ readonly row: Row; readonly place: number }>
  readonly newestFirst: boolean
  fresh: number
}

export const make = (count: number, newestFirst: boolean): World => {
  const rows = Array.from({ length: count }, (_, index) => ({ id: `m${index}` }))
  const ids = rows.map(({ id }) => id)
  return {
    list: newestFirst ? rows.toReversed() : rows,
    requests: 0,
    ever: new Set(ids),
    lasting: new Set(ids),
    made: new Set(),
    removed: [],
    newestFirst,
    fresh: count
  }
}

/** Counts a request, and applies the changes that are due before its answer. */
export const advance = (world: World, changes: ReadonlyArray<Change>): void => {
  world.requests += 1
  for (const change of changes) if (change.before === world.requests) apply(world, change)
}

const apply = (world: World, { at, kind, rows }: Change): void => {
  const place = Math.floor((at / 100) * world.list.length)
  world.made.add(kind)
  switch (kind) {
    case "append":
      return insert(world, world.newestFirst ? 0 : world.list.length, fresh(world, rows))
    case "insert":
      return insert(world, place, fresh(world, rows))
    case "remove": {
      const gone = world.list.slice(place, place + rows)
      for (const row of gone) {
        world.removed.push({ row, place })
        world.lasting.delete(row.id)
      }
      world.list = [...world.list.slice(0, place), ...world.list.slice(place + rows)]
      return
    }
    case "restore": {
      const last = world.removed.pop()
      if (last !== undefined) insert(world, last.place, [last.row])
    }
  }
}

const insert = (world: World, place: number, rows: ReadonlyArray<Row>): void => {
  world.list = [...world.list.slice(0, place), ...rows, ...world.list.slice(place)]
}

const fresh = (world: World, count: number): ReadonlyArray<Row> => {
  const rows = Array.from({ length: count }, () => ({ id: `m${world.fresh++}` }))
  for (const { id } of rows) world.ever.add(id)
  return world.newestFirst ? rows.toReversed() : rows
}
