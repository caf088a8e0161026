import { DerivedId } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { createHash } from "node:crypto"
import { Arbitrary, Schema } from "effect"

describe("a derived id", () => {
  // Pinned: a change here means that everybody's archives are full of other ids. It needs a new version.
  it.each([
    [["conversation-1", 0, "user", "hello"], "d1_683a975bb5d0650d68d11c83d2ff119c"],
    [[], "d1_4f53cda18c2baa0c0354bb5f9a3ecbe5"],
    [[null, "", 0], "d1_3ab1278448ea5edbc90ab6e777c8c536"],
    [["grüße", "日本", "👋"], "d1_da636b19715c85ce74ecf3e052a4bd96"]
  ] satisfies ReadonlyArray<[ReadonlyArray<string | number | null>, string]>)("of %j is %s", (parts, id) => {
    assert.strictEqual(DerivedId.make(parts), id)
  })

  const Part = Schema.NullOr(Schema.Union([Schema.String, Schema.Int]))

  it.prop("is the version and half of a SHA-256 over the parts as JSON", [Schema.Array(Part)], ([parts]) => {
    const hash = createHash("sha256").update(JSON.stringify(parts), "utf8").digest("hex")
    assert.strictEqual(DerivedId.make(parts), `${DerivedId.version}_${hash.slice(0, 32)}`)
  })

  it("is of version d1", () => {
    assert.strictEqual(DerivedId.version, "d1")
  })

  it.prop("differs wherever the parts differ", [Schema.Array(Part), Schema.Array(Part)], ([a, b]) => {
    assert.strictEqual(DerivedId.make(a) === DerivedId.make(b), JSON.stringify(a) === JSON.stringify(b))
  })

  it.each([
    [
      ["ab", "c"],
      ["a", "bc"]
    ],
    [["a", "b"], ["a,b"]],
    [["a", "b"], ['a","b']],
    [["1"], [1]],
    [[null], ["null"]],
    [[""], []],
    [["", ""], [""]]
  ] satisfies ReadonlyArray<[ReadonlyArray<string | number | null>, ReadonlyArray<string | number | null>]>)(
    "of %j is not that of %j: parts do not run together",
    (a, b) => {
      assert.notStrictEqual(DerivedId.make(a), DerivedId.make(b))
    }
  )

  it("of half a character is one, too", () => {
    assert.match(DerivedId.make(["\ud800"]), /^d1_[0-9a-f]{32}$/)
  })

  it.prop("is plain and short", [Arbitrary.schema(Schema.Array(Part))], ([parts]) => {
    assert.match(DerivedId.make(parts), /^d1_[0-9a-f]{32}$/)
  })
})
