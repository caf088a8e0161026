/**
 * The vendor's changes, and what an archive may and must have of them.
 */
import type { Message, SourceError, SourceService } from "@colloquy/core"
import { SimulatedVendor } from "@colloquy/engine"
import type * as Effect from "effect/Effect"
import type * as Case from "./case.ts"

/** The ids of conversations, in order of creation: digits, because some vendors' ids are numbers. */
const names = ["101", "102", "103"]

export const nameOf = (conversation: number): string => names[conversation] ?? "101"

/** How a world's conversations are served and read: by the simulated vendor itself, or by a vendor under test. */
export interface Face {
  /** Whether messages have ids of the vendor's own. */
  readonly hasIds: (vendor: Case.Vendor) => boolean
  readonly source: (vendor: SimulatedVendor.SimulatedVendor) => Effect.Effect<SourceService, SourceError>
  /** What a complete read of a conversation gives now, in the listing's order. */
  readonly truth: (
    vendor: SimulatedVendor.SimulatedVendor,
    conversationId: string
  ) => ReadonlyArray<Pick<Message, "id" | "text" | "createdAt" | "position">>
}

/** The simulated vendor's own. It derives no ids from places that move, as no vendor does. */
export const simulated: Face = {
  hasIds: ({ ids, newestFirst }) => ids || newestFirst,
  source: SimulatedVendor.service,
  truth: SimulatedVendor.truth
}

/** A conversation's past. */
export interface Past {
  /** Every text that it ever had. */
  readonly texts: Set<string>
  /** Rows that were missing at some time after they came. */
  readonly absent: Set<string>
  /** Whether it ever had a change other than rows at its end. */
  disturbed: boolean
  readonly removed: Array<{ readonly row: SimulatedVendor.Row; readonly at: number }>
  /** Its rows while it is removed. */
  dropped: Array<SimulatedVendor.Row> | undefined
}

export interface World {
  readonly vendor: SimulatedVendor.SimulatedVendor
  readonly face: Face
  readonly past: Map<string, Past>
  /** Since the run began: rows that were always there unchanged, by conversation. */
  lasting: Map<string, Map<string, string>>
  /** Since the run began: conversations with rows removed, or inserted in the middle. */
  moved: Set<string>
  /** Since the run began: whether a conversation was removed. */
  hasDropped: boolean
  fresh: number
  /** Since the run began: whether the vendor gave an empty answer although it had rows. */
  lied: boolean
  /** Runs in which it did so for messages; infinite once it did so for the list and no count shows it. */
  lies: number
  /**
   * Whether messages may come within the same second as the ones before them. If a list has only the time of the last
   * message, a clock more than two minutes ahead of the vendor's does not see them: nothing is promised then.
   */
  readonly sameSecond: boolean
}

/** The drawn vendor at this time, with its messages until the day before. */
export const make = ({ start, steps, vendor }: Case.Case, seconds: number, face: Face): World => {
  const { conversations, list, messages, newestFirst, orderKnown, size, times } = vendor
  const listing = { sizes: "any", begins: "served" } as const
  const world: World = {
    face,
    vendor: SimulatedVendor.make({
      messages: { ...messages, ...listing },
      conversations: { ...conversations, ...listing },
      // Offsets need a size.
      size: size ?? (messages.paging === "offset" || conversations.paging === "offset" ? 10 : null),
      order: newestFirst ? "newestFirst" : "oldestFirst",
      ids: face.hasIds(vendor),
      orderKnown,
      times,
      list
    }),
    past: new Map(),
    lasting: new Map(),
    moved: new Set(),
    hasDropped: false,
    fresh: 0,
    lied: false,
    lies: 0,
    sameSecond: list !== "activity" || !steps.some((each) => each.step === "clock" && each.minutes > 0)
  }
  tick(world, seconds - 86_400)
  for (const [at, rows] of start.entries()) {
    append(world, nameOf(at), rows)
    SimulatedVendor.rowsOf(world.vendor, nameOf(at))
  }
  return world
}

const pastOf = (world: World, id: string): Past => {
  const past = world.past.get(id) ?? {
    texts: new Set(),
    absent: new Set(),
    disturbed: false,
    removed: [],
    dropped: undefined
  }
  world.past.set(id, past)
  return past
}

/** Sets the vendor's clock to the true time. */
export const tick = ({ vendor }: World, seconds: number): void => {
  vendor.clock = Math.max(vendor.clock, seconds)
}

/** Notes the current rows as the state at a run's start. */
export const beginRun = (world: World): void => {
  world.moved = new Set()
  world.lied = false
  world.hasDropped = false
  world.lasting = new Map(
    [...world.vendor.conversations].map(([id, rows]) => [id, new Map(rows.map((row) => [row.id, row.text]))])
  )
}

/** Notes that the vendor gave an empty answer. */
export const lie = (world: World, what: "list" | "messages"): void => {
  if (!world.lied) world.lies += what === "list" ? Infinity : 1
  world.lied = true
}

/** Makes a row of a conversation one that cannot be decoded, for one answer. */
export const damage = ({ vendor }: World, id: string | null, nth: number): void => {
  const count = vendor.conversations.get(id ?? "")?.length ?? 0
  if (id !== null && count > 0) SimulatedVendor.editAt(vendor, id, nth % count, { bad: true })
}

/** Makes every row well again. */
export const mend = ({ vendor }: World): void => {
  for (const [id, rows] of vendor.conversations) {
    for (const [at, { bad }] of rows.entries()) {
      if (bad === true) SimulatedVendor.editAt(vendor, id, at, { bad: false })
    }
  }
}

const append = (world: World, id: string, count: number, isSameSecond = false): void => {
  const past = pastOf(world, id)
  if (past.dropped !== undefined) return
  const at = isSameSecond && world.sameSecond ? { at: world.vendor.clock } : {}
  SimulatedVendor.say(world.vendor, id, count, at)
  for (const { text } of world.vendor.conversations.get(id) ?? []) past.texts.add(text)
}

/** Applies a change. */
export const change = (world: World, { at, conversation, kind, rows }: Case.Change): void => {
  const id = nameOf(conversation)
  if (kind === "append" || kind === "appendSameSecond") {
    return append(world, id, rows, kind === "appendSameSecond")
  }
  const all = world.vendor.conversations.get(id)
  const past = pastOf(world, id)
  if (kind === "back") return comeBack(world, id, past)
  if (all === undefined) return
  const place = Math.floor((at / 100) * all.length)
  past.disturbed = true
  world.moved.add(id)
  switch (kind) {
    case "drop": {
      past.dropped = all
      world.hasDropped = true
      for (const row of all) past.absent.add(row.id)
      world.lasting.delete(id)
      world.vendor.conversations.delete(id)
      return
    }
    case "insert":
      return insert(world, past, all, place, rows)
    case "remove": {
      for (const row of all.splice(place, rows)) {
        past.absent.add(row.id)
        past.removed.push({ row, at: place })
        world.lasting.get(id)?.delete(row.id)
      }
      return
    }
    case "edit": {
      const row = all[place]
      if (row === undefined) return
      all[place] = { ...row, text: `edited ${(world.fresh += 1)} in ${id}` }
      past.texts.add(all[place].text)
      world.lasting.get(id)?.delete(row.id)
      return
    }
    case "restore": {
      const last = past.removed.pop()
      if (last !== undefined) all.splice(last.at, 0, last.row)
    }
  }
}

const comeBack = (world: World, id: string, past: Past): void => {
  if (past.dropped === undefined) return
  world.vendor.conversations.set(id, past.dropped)
  past.dropped = undefined
}

/** Rows inserted in the middle have the time of the row before them. */
const insert = (
  world: World,
  past: Past,
  all: Array<SimulatedVendor.Row>,
  place: number,
  count: number
): void => {
  const time = all[Math.max(0, place - 1)]?.at ?? 0
  const rows = Array.from({ length: count }, () => {
    const number = (world.fresh += 1)
    return { id: `i${number}`, text: `inserted ${number}`, at: time }
  })
  for (const { text } of rows) past.texts.add(text)
  all.splice(place, 0, ...rows)
}
