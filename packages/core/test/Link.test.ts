import { Link } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

const next = "https://api.test/rows?page=2"

describe("the next link of a header", () => {
  it.each([
    `<${next}>; rel="next"`,
    `<${next}>; rel=next`,
    `<${next}>;rel=next`,
    `< ${next} > ; rel = "next"`,
    `<${next}>; REL="NEXT"`,
    `<https://api.test/rows?page=1>; rel="prev", <${next}>; rel="next", <https://api.test/rows?page=9>; rel="last"`,
    `<${next}>; title="a, b; rel=\\"prev\\""; rel="next"`,
    `<${next}>; rel="last next"`,
    `<${next}>; title*=UTF-8''x; rel=next; type="text/html"`,
    `<https://api.test/rows?page=1>; title="<x>; rel=next, <y>"; rel=prev, <${next}>; rel=next`,
    `<${next}>; crossorigin; rel=next`,
    `,, ,<${next}>; rel=next`,
    `nonsense, <${next}>; rel=next`,
    `"nonsense, <https://evil.test/>; rel=next", <${next}>; rel=next`
  ])("is found in %s", (header) => {
    assert.strictEqual(Link.nextOf(header), next)
  })

  it("may hold commas and semicolons", () => {
    const odd = "https://api.test/rows?ids=1,2;3&q=a;rel=prev,b"
    assert.strictEqual(Link.nextOf(`<${odd}>; rel="next"`), odd)
  })

  it.each([
    "",
    "<",
    `<${next}`,
    `<${next}>`,
    `<${next}>; rel="prev"`,
    `<${next}>; rel="nextish"`,
    `<${next}>; rel=prev; rel=next`,
    `<${next}>; title="rel=next"`,
    `<${next}>; title="; rel=next`,
    `${next}; rel=next`,
    ";;;===,,,"
  ])("is not found in %s", (header) => {
    assert.isNull(Link.nextOf(header))
  })

  it.each([
    "<",
    "<a>;",
    '<a>; rel="',
    '"',
    "\\",
    "<a>;rel=prev,",
    " ",
    ";",
    "=",
    '<a>; x="\\',
    ",",
    "<a>; x "
  ])("is looked for in linear time in 100 kB of %s", (part) => {
    const header = part.repeat(Math.ceil(100_000 / part.length))
    Link.nextOf(header)
    // The best of five: other jobs may have the machine meanwhile.
    const millis = Array.from({ length: 5 }, () => {
      const start = performance.now()
      assert.isNull(Link.nextOf(header))
      return performance.now() - start
    })
    assert.isBelow(Math.min(...millis), 50)
  })
})

describe("a link", () => {
  const current = new URL("https://api.test/v1/rows?page=1")

  it.effect.each([
    ["https://api.test/v1/rows?page=2", "https://api.test/v1/rows?page=2"],
    ["/v2/rows?page=2", "https://api.test/v2/rows?page=2"],
    ["?page=2", "https://api.test/v1/rows?page=2"],
    ["rows?page=2", "https://api.test/v1/rows?page=2"],
    ["//api.test/x", "https://api.test/x"],
    ["https://api.test:443/x", "https://api.test/x"]
  ] as const)("%s is followed from its page", ([link, to]) =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Link.resolve(current, link)).href, to)
    })
  )

  it.effect.each([
    "https://evil.test/v1/rows?page=2",
    "//evil.test/rows",
    "http://api.test/v1/rows",
    "https://api.test:8443/v1/rows",
    "https://api.test.evil.test/",
    "\\\\evil.test\\rows",
    "https://api.test@evil.test/",
    "https://user:secret@api.test/v1/rows",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://"
  ])("%s is refused", (link) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Link.resolve(current, link))
      assert.strictEqual(error._tag, "InvalidResponse")
      assert.strictEqual(error.kind, "redirect")
      assert.notInclude(error.message, "secret")
    })
  )
})
