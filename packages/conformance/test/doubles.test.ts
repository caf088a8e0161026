/**
 * Every check of the kit fails on a double that breaks its rule, and says so. A check that cannot fail shows nothing.
 */
import { rules, Violation } from "@colloquy/conformance"
import { checks } from "@colloquy/conformance/Checks"
import { make } from "@colloquy/conformance/Subject"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { doubles } from "./doubles.ts"

describe("a check of the kit", () => {
  it("is there for each rule, in its order", () => {
    assert.deepStrictEqual(
      checks.map(({ rule }) => rule),
      Object.keys(rules)
    )
  })

  for (const { rule, run } of checks) {
    const [fault, double] = doubles[rule]
    it.live(`${rule} fails on ${fault}`, () =>
      Effect.gen(function* () {
        const violation = yield* Effect.flip(run(make(double)))
        assert.instanceOf(violation, Violation)
        assert.strictEqual(violation.rule, rule)
        assert.include(violation.message, `Acme breaks the rule ${rule}: ${rules[rule]}.\n`)
        assert.isNotEmpty(violation.problem)
      })
    )
  }
})
