import { SimulatedVendor as Vendor } from "@colloquy/engine"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { memory, onFresh, postgres } from "./databases.ts"
import { holds } from "./properties.ts"
import { assertInOrder, assertTrue, standings, sync } from "./syncing.ts"

const At = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))
const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 14 }))

const Append = Schema.Struct({ change: Schema.Literal("append"), count: Count })
const Sync = Schema.Struct({
  change: Schema.Literal("sync"),
  /** The request for messages that fails, and those behind it; 0 for none. */
  fails: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8 })),
  full: Schema.Boolean
})
const Any = Schema.Union([
  Append,
  Sync,
  Schema.Struct({ change: Schema.Literals(["insert", "remove", "edit"]), at: At }),
  // Between two requests of the next sync.
  Schema.Struct({ change: Schema.Literal("during"), nth: Count, count: Count })
])
const manners = {
  paging: Schema.Literals(["page", "offset"]),
  order: Schema.Literals(["oldestFirst", "newestFirst"]),
  total: Schema.Literals(["each", "none"]),
  ids: Schema.Boolean,
  list: Schema.Literals(["count", "activity", "nothing"]),
  size: Schema.Int.check(Schema.isBetween({ minimum: 2, maximum: 9 }))
}
const Given = Schema.Struct(manners)
const scheduleOf = <S extends Schema.Constraint>(step: S) =>
  Schema.Struct({ manners: Given, steps: Schema.Array(step).check(Schema.isMaxLength(8)) })
const Anything = Arbitrary.schema(scheduleOf(Any))
const Appends = Arbitrary.schema(scheduleOf(Schema.Union([Append, Sync])))

let inserted = 0

const perform = Effect.fnUntraced(function* (vendor: Vendor.SimulatedVendor, step: typeof Any.Type) {
  const rows = vendor.conversations.get("a")?.length ?? 0
  switch (step.change) {
    case "append":
      return Vendor.say(vendor, "a", step.count)
    case "insert": {
      const number = ++inserted
      return Vendor.insertAt(vendor, "a", Math.min(step.at, rows), {
        id: `i${number}`,
        text: `new ${number}`,
        at: number
      })
    }
    case "remove":
      return void Vendor.removeAt(vendor, "a", step.at)
    case "edit":
      return Vendor.editAt(vendor, "a", step.at, { text: `edited ${++inserted}` })
    case "during": {
      const until = vendor.requests + step.nth
      vendor.before = () =>
        Effect.sync(() => {
          if (vendor.requests === until) Vendor.say(vendor, "a", step.count)
        })
      return
    }
    case "sync": {
      const until = vendor.asked + step.fails
      vendor.fails = ({ what }) =>
        step.fails > 0 && what === "messages" && vendor.asked >= until ? "unavailable" : undefined
      yield* sync(vendor, { full: step.full })
      vendor.fails = () => undefined
    }
  }
})

/** Newest first, ids must not rest on places: no vendor does that. */
const vendorOf = ({ ids, order, ...more }: typeof Given.Type): Vendor.SimulatedVendor => {
  const vendor = Vendor.make({ ...more, order, ids: ids || order === "newestFirst" })
  Vendor.say(vendor, "a", 12)
  Vendor.say(vendor, "b", 3)
  return vendor
}

describe.each([memory, postgres])(
  "after syncs into $name that fail at random, at a vendor that changes at random",
  (database) => {
    const runs = database.name === "SQLite" ? 50 : 4

    it.effect(
      "a full one has just what the vendor has",
      () =>
        Effect.gen(function* () {
          yield* holds(Anything, runs, ({ manners, steps }) =>
            Effect.gen(function* () {
              const vendor = vendorOf(manners)
              for (const step of steps) yield* perform(vendor, step)
              vendor.before = () => Effect.void
              const report = yield* sync(vendor, { full: true })
              assert.deepStrictEqual(report.failed, [])
              yield* assertTrue(vendor)
              assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete" })
            }).pipe(onFresh(database), Effect.scoped)
          )
        }),
      60_000
    )

    it.effect(
      "a normal one has just what the vendor has, in its order, if rows only came",
      () =>
        Effect.gen(function* () {
          yield* holds(Appends, runs, ({ manners, steps }) =>
            Effect.gen(function* () {
              const vendor = vendorOf(manners)
              for (const step of steps) yield* perform(vendor, step)
              const report = yield* sync(vendor)
              assert.deepStrictEqual(report.failed, [])
              yield* assertInOrder(vendor)
              assert.deepStrictEqual(yield* standings, { a: "complete", b: "complete" })
            }).pipe(onFresh(database), Effect.scoped)
          )
        }),
      60_000
    )
  }
)
