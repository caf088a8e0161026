/**
 * What an editor shows of a source's options.
 */
import { Chatling } from "@colloquy/chatling"
import { OptionFacts } from "@colloquy/core/vendor"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Editor from "./editor.ts"

const vendors = { Chatling, Gptbots, OpenCopilot }

/** Options of the connection and of reading, which every vendor has. */
const common = [
  "token",
  "account",
  "baseUrl",
  "rateLimit",
  "policy",
  "onRequest",
  "pageSize",
  "concurrency",
  "verify"
]

const program = `
import { Chatling } from "@colloquy/chatling"
import { Gptbots } from "@colloquy/gptbots"
import { OpenCopilot } from "@colloquy/opencopilot"
${Object.entries(vendors)
  .flatMap(([name, { definition }]) =>
    [...OptionFacts.of(definition.options).map((option) => option.name), ...common].map(
      (option) => `${name}.source({ ${option}: undefined })`
    )
  )
  .join("\n")}
Gptbots.source({ endpoint: "" })
`

describe("in an editor", () => {
  it.live(
    "each option of a source has a text, and a data centre is offered",
    () =>
      Effect.gen(function* () {
        const editor = yield* Editor.open(program)
        for (const [name, { definition }] of Object.entries(vendors)) {
          const own = OptionFacts.of(definition.options).map((option) => option.name)
          assert.isNotEmpty(own)
          for (const option of [...own, ...common]) {
            const [type, text = ""] = (yield* editor.hover(`${name}.source({ ${option}`)).split("\n```\n")
            assert.include(type, option)
            assert.match(text, /^\S.{10,}/, `${name}: ${option}`)
          }
        }
        assert.includeMembers([...(yield* editor.completions(`endpoint: "`))], ["sg", "th", "jp"])
      }),
    60_000
  )
})
