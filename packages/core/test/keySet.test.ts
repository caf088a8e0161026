/**
 * The keys of a walk, as hashes: a set like any other.
 */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import * as KeySet from "@colloquy/core/walk/keySet"

const key = Arbitrary.schema(Schema.Union([Schema.String, Schema.Literals(["a", "b", "aa", "ab", "ba"])]))
const page = Arbitrary.array(key, { maxLength: 90 })
const pages = Arbitrary.array(page, { maxLength: 12 })

describe("a set of keys", () => {
  it.prop(
    "takes a page whole, or not at all, and knows just what a set of strings knows",
    [pages, page],
    ([pages, others]) => {
      const keys = KeySet.make()
      const strings = new Set<string>()
      for (const page of pages) {
        const isNew = new Set(page).size === page.length && page.every((key) => !strings.has(key))
        assert.strictEqual(KeySet.addAll(keys, KeySet.hashes(page)), isNew)
        if (isNew) for (const key of page) strings.add(key)
        assert.strictEqual(keys.size, strings.size)
      }
      for (const key of [...pages.flat(), ...others]) {
        assert.strictEqual(KeySet.has(keys, KeySet.hashes([key]), 0), strings.has(key))
      }
      const all = KeySet.hashes(others)
      assert.strictEqual(
        KeySet.hasAny(keys, all),
        others.some((key) => strings.has(key))
      )
      for (const [index, key] of others.entries()) {
        assert.strictEqual(KeySet.add(keys, all, 2 * index), !strings.has(key))
        strings.add(key)
      }
    }
  )

  it("has room for any number of keys, and none is taken for another", () => {
    const count = 100_000
    const keys = KeySet.make()
    const ids = Array.from({ length: count }, (_, index) => `645dd86906931c4a9e${index.toString(16)}`)
    assert.isTrue(KeySet.addAll(keys, KeySet.hashes(ids)))
    assert.strictEqual(keys.size, count)
    assert.isFalse(KeySet.hasAny(keys, KeySet.hashes(ids.map((id) => `${id}0x`))))
    KeySet.clear(keys)
    assert.isFalse(KeySet.hasAny(keys, KeySet.hashes(ids)))
  })

  it("takes a row without a key for new, and does not remember it", () => {
    const keys = KeySet.make()
    const none = KeySet.hashes([undefined])
    assert.isTrue(KeySet.add(keys, none, 0))
    assert.isTrue(KeySet.add(keys, none, 0))
    assert.isFalse(KeySet.has(keys, none, 0))
    assert.strictEqual(keys.size, 0)
  })
})
