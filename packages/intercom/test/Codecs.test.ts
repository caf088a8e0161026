import type { Codec } from "@colloquy/core/vendor"
import { Codecs } from "@colloquy/intercom"
import { assert, describe, it } from "@effect/vitest"

const owner = { account: "default", conversationId: "503" }
const place: Codec.Place = { ...owner, index: 0, options: {}, outOfOrder: false, carried: undefined }
const admin = { type: "admin", id: "274" }
const part = { id: 1, part_type: "comment", author: admin, created_at: 1_663_597_223 }

describe("a message of Intercom", () => {
  it.each([
    ["<p>Hi,</p>\n\n<p>a &amp; b &lt;c&gt;<br>d</p>", "Hi,\n\na & b <c>\nd"],
    ['<p>See <a href="https://x.example">here</a></p>', "See here [https://x.example]"],
    ['<div><img src="https://x.example/1.png"></div>', "[https://x.example/1.png]"],
    ["<h1>Hours</h1><ul><li>one</li><li>two</li></ul>", "Hours\n\n * one\n * two"],
    ["<p>a</p><script>alert(1)</script><style>p{}</style>", "a"],
    [`seen${"<div>".repeat(5000)}`, "seen\n..."],
    ["no markup,\ntwo lines", undefined],
    ["<div>".repeat(200_000), undefined]
  ])("has the words of its body, and keeps the markup (%#)", (body, text) => {
    const message = Codecs.messages.decode({ ...part, body }, place)
    assert.strictEqual(message.text, text ?? body)
    assert.strictEqual(message.extra["body"], text === undefined ? undefined : body)
  })

  it.each([
    ["comment", { type: "lead", id: "5" }, "<p>Hi</p>", "user"],
    ["comment", { ...admin, from_ai_agent: true }, "<p>Hi</p>", "assistant"],
    ["note", admin, "<p>Call back</p>", "agent"],
    ["close", admin, "<p>Bye</p>", "agent"],
    ["close", admin, null, "system"],
    ["assignment", { type: "bot", id: "278" }, null, "system"]
  ] as const)("that is a %s by %j with the body %j is from %s", (part_type, author, body, role) => {
    const message = Codecs.messages.decode({ ...part, part_type, author, body }, place)
    assert.deepInclude(message, { role, kind: part_type, createdAt: "2022-09-19T14:20:23Z" })
  })
})
