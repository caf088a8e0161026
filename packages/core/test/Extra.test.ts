import { Extra } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"

const name = Arbitrary.schema(
  Schema.Union([
    Schema.String,
    Schema.Literals(["__proto__", "constructor", "toString", "a", "b", "hasOwnProperty"])
  ])
)
const entry = Arbitrary.all([name, Arbitrary.schema(Schema.Json)])
const object = Arbitrary.array(entry, { maxLength: 6 }).pipe(
  Arbitrary.map((entries): Schema.JsonObject => Object.fromEntries(entries))
)

/** A copy of plain data. Not by way of JSON: V8 13.6 can parse a key "\\u0000" as one seen before. */
const copy = (value: unknown): unknown => structuredClone(value)

describe("what is left over", () => {
  it.prop(
    "restores any object, whatever was rebuilt of it",
    [object, object, Schema.Boolean],
    ([wire, other, near]) => {
      const kept = Object.entries(wire).filter((_, index) => index % 2 === 0)
      const rebuilt: Schema.JsonObject = near
        ? Object.fromEntries(kept)
        : Object.fromEntries(Object.entries(other).filter(([key]) => Object.hasOwn(wire, key)))
      const restored = Extra.restore(rebuilt, Extra.leftover(wire, rebuilt))
      assert.deepStrictEqual(copy(restored), copy(wire))
      assert.isTrue(Extra.equal(restored, wire))
    }
  )

  it.prop("is nothing where all was rebuilt", [object], ([wire]) => {
    assert.deepStrictEqual(Extra.leftover(wire, wire), {})
  })

  it("keeps a field that is called __proto__, and changes no prototype", () => {
    const wire = JSON.parse('{"__proto__":{"admin":true},"text":"hi"}')
    const extra = Extra.leftover(wire, { text: "hi" })
    assert.strictEqual(JSON.stringify(extra), '{"__proto__":{"admin":true}}')
    assert.strictEqual(Object.getPrototypeOf(extra), Object.prototype)
    const restored = Extra.restore({ text: "hi" }, extra)
    assert.strictEqual(JSON.stringify(restored), '{"text":"hi","__proto__":{"admin":true}}')
    assert.isFalse("admin" in restored)
  })

  it("tells an absent field from null and from empty", () => {
    assert.deepStrictEqual(Extra.leftover({ a: null, b: "" }, {}), { a: null, b: "" })
    assert.deepStrictEqual(Extra.leftover({ a: null }, { a: "" }), { a: null })
  })
})

describe("equality of JSON", () => {
  it.prop("holds for a copy, with its keys the other way round", [object], ([value]) => {
    const turned: Schema.JsonObject = Object.fromEntries(Object.entries(value).toReversed())
    assert.isTrue(Extra.equal(value, turned))
  })

  it.prop("holds only for the same JSON", [Schema.Json, Schema.Json], ([a, b]) => {
    const text = (value: Schema.Json) => JSON.stringify(copy(value))
    if (text(a) === text(b)) assert.isTrue(Extra.equal(a, b))
    if (Extra.equal(a, b)) assert.deepStrictEqual(copy(a), copy(b))
  })

  it.each([
    [[], {}],
    [null, {}],
    [
      [1, 2],
      [2, 1]
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1 }, { b: 1 }],
    ["1", 1],
    [0, false],
    [{ toString: 1 }, {}]
  ] satisfies ReadonlyArray<[Schema.Json, Schema.Json]>)("tells %j from %j", (a, b) => {
    assert.isFalse(Extra.equal(a, b))
    assert.isFalse(Extra.equal(b, a))
  })
})

describe("a table of words", () => {
  it("knows its own words and no others", () => {
    assert.strictEqual(Extra.lookup({ bot: "assistant" }, "bot"), "assistant")
    for (const word of ["Bot", "", "constructor", "__proto__", "toString"]) {
      assert.isUndefined(Extra.lookup({ bot: "assistant" }, word))
    }
  })
})

describe("a count", () => {
  it.each([
    [12, 12],
    ["12", 12],
    ["007", 7],
    [0, 0],
    ["0", 0]
  ])("comes as %j and is %s", (value, count) => {
    assert.strictEqual(Extra.wholeNumber(value), count)
  })

  it.each([
    "",
    " 12",
    "12.0",
    "1e3",
    "-1",
    "twelve",
    null,
    undefined,
    Number.NaN,
    1.5,
    true,
    [],
    {},
    "9".repeat(30)
  ])("is none in %j", (value) => {
    assert.isNull(Extra.wholeNumber(value))
  })
})
