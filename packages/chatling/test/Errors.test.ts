import { errors } from "@colloquy/chatling"
import { type Reason } from "@colloquy/core"
import { ErrorTable } from "@colloquy/core/vendor"
import { assert, describe, it } from "@effect/vitest"

const judge = (status: number, body: unknown): Reason | undefined =>
  ErrorTable.classify(errors, { status, body, retryAfter: null }, (text) => text)

describe("an answer of Chatling", () => {
  it.each([200, 400, 429])("with status error and the documented words is a rate limit (%s)", (status) => {
    const reason = judge(status, { status: "error", message: "Too many requests" })
    assert.deepInclude({ ...reason }, { _tag: "RateLimited", vendorMessage: "Too many requests", status })
  })

  it.each([{ message: "Chatbot not found" }, { message: null }, {}])(
    "with status error and other words (%j) is no success inside a 200",
    (words) => {
      const reason = judge(200, { status: "error", ...words })
      assert.deepInclude({ ...reason }, { _tag: "InvalidResponse", kind: "unknownError" })
      assert.isFalse(reason?.isRetryable)
    }
  )

  it.each([
    [400, "InvalidRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [422, "InvalidRequest"],
    [429, "RateLimited"],
    [500, "Unavailable"]
  ] as const)("with an error and the HTTP status %s is %s", (status, tag) => {
    assert.strictEqual(judge(status, { status: "error", message: "no" })?._tag, tag)
    assert.deepInclude({ ...judge(status, { message: "no" }) }, { _tag: tag, vendorMessage: "no" })
    assert.strictEqual(judge(status, undefined)?._tag, tag)
  })

  it.each([
    { status: "success", data: { messages: [] } },
    { status: "success" },
    { data: { messages: [] }, message: "hello" },
    []
  ])("such as %j is a success", (body) => {
    assert.isUndefined(judge(200, body))
  })

  it("whose words are the name of something in JavaScript is like any other", () => {
    assert.strictEqual(judge(200, { status: "error", message: "constructor" })?._tag, "InvalidResponse")
  })
})
