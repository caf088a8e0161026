/**
 * What a configuration may say, and what is said of its mistakes.
 */
import * as Schemas from "colloquy/configuration/schema"
import * as Settings from "colloquy/configuration/settings"
import * as Template from "colloquy/configuration/template"
import { names, vendors } from "colloquy/Vendors"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"

const parsed = (text: string) => {
  const settings = Settings.parse(text, "c.toml", vendors)
  assert.isTrue(Result.isSuccess(settings), Result.isFailure(settings) ? settings.failure.join() : "")
  return Result.getOrThrow(settings)
}

const problems = (text: string): ReadonlyArray<string> => {
  const settings = Settings.parse(text, "c.toml", vendors)
  assert.isTrue(Result.isFailure(settings), "the configuration was accepted")
  return Result.isFailure(settings) ? settings.failure : []
}

describe("a configuration", () => {
  it("may be empty", () => {
    assert.deepStrictEqual(parsed("").sources, [])
  })

  it("has sources with a vendor, an account, options and how they are synced", () => {
    const { account, archive, sources } = parsed(`
      archive = "history.db"
      [defaults]
      parallel = 2
      lookback = "7d"
      page-size = 50
      [accounts.gptbots.eu]
      token = { file = "token" }
      rate-limit = { requests = 10, window = "1m" }
      [sources."our bot"]
      vendor = "gptbots"
      account = "eu"
      endpoint = "th"
      since = "2024-06-01"
      parallel = 8
      [sources.b]
      vendor = "chatling"
      chatbot = "123"
    `)
    assert.strictEqual(archive, "history.db")
    assert.deepStrictEqual(account("gptbots", "eu")?.token, { file: "token" })
    assert.isUndefined(account("gptbots", "default"))
    assert.isUndefined(account("toString", "name"))
    const [bot, other] = sources
    assert.deepInclude(bot, { name: "our bot", account: "eu" })
    assert.deepInclude(bot?.chosen, { endpoint: "th", since: Date.UTC(2024, 5, 1) })
    assert.deepStrictEqual(bot?.reading, { parallel: 8, lookback: "7d", "page-size": 50 })
    assert.deepInclude(other, { name: "b", account: "default", chosen: { chatbotId: "123" } })
    // Chatling's server chooses the page size.
    assert.deepStrictEqual(other?.reading, { parallel: 2, lookback: "7d" })
  })

  it("names the line and the key of every mistake, with the nearest word", () => {
    assert.deepStrictEqual(
      problems(
        [
          "archve = 'x'",
          "[defaults]",
          "paralel = 2",
          "[accounts.chatling.eu]",
          "tokn = { variable = 'X' }",
          "[accounts.chatling.us]",
          "token = { varable = 'X' }"
        ].join("\n")
      ),
      [
        "c.toml:1: archve is not known; did you mean archive?",
        "c.toml:3: defaults.paralel is not known; did you mean parallel?",
        "c.toml:5: accounts.chatling.eu.tokn is not known; did you mean token?",
        "c.toml:7: accounts.chatling.us.token.varable is not known; did you mean variable?"
      ]
    )
    assert.deepStrictEqual(
      problems(
        [
          "[accounts.chatlng.eu]",
          "[sources.a]",
          "vendor = 'chatlng'",
          "[sources.b]",
          "[sources.c]",
          "vendor = 'chatling'",
          "[sources.d]",
          "vendor = 'chatling'",
          "chatbot = 123",
          "[sources.e]",
          "vendor = 'opencopilot'",
          "[sources.f]",
          "vendor = 'botuj'",
          "max-pages = 'all'",
          "parallel = 65",
          "lookback = 'a week'"
        ].join("\n")
      ),
      [
        "c.toml:1: accounts.chatlng names no vendor; did you mean chatling?",
        "c.toml:3: sources.a.vendor names no vendor; did you mean chatling?",
        `c.toml:4: sources.b.vendor is missing; give one of ${names.join(", ")}`,
        "c.toml:5: sources.c.chatbot is missing",
        "c.toml:9: sources.d.chatbot must be text in quotes",
        "c.toml:10: sources.e needs bot or organization",
        "c.toml:14: sources.f.max-pages must be a number",
        "c.toml:15: sources.f.parallel must be a whole number from 1 to 64",
        'c.toml:16: sources.f.lookback must be a duration such as "7d", "12h" or "90min"'
      ]
    )
  })

  it("names a mistyped table, and what was meant, once and on its line", () => {
    assert.deepStrictEqual(problems("archive = 'a'\n[source.sales]\nvendor = 'botuj'"), [
      "c.toml:2: source is not known; did you mean sources?"
    ])
    assert.deepStrictEqual(problems("archive = 'a'\n[accounts.botju.eu]"), [
      "c.toml:2: accounts.botju names no vendor; did you mean botuj?"
    ])
    assert.deepStrictEqual(problems("[sources.a]\nvendor = 'chatling'\nchatbott = '1'"), [
      "c.toml:3: sources.a.chatbott is not known; did you mean chatbot?"
    ])
    assert.deepStrictEqual(problems("[accounts.botuj.eu]\nbase-url = 'localhost:8787'"), [
      "c.toml:2: accounts.botuj.eu.base-url must be a URL that begins with https:// or, on this machine, http://"
    ])
    assert.match(
      problems("[accounts.botuj.eu]\ntoken = 'sk-1'")[0] ?? "",
      /^c\.toml:2: accounts\.botuj\.eu\.token must say where it is, .*a secret itself does not belong here$/
    )
  })

  it("takes times as text only, because TOML's own depend on the machine's time zone", () => {
    const source = (line: string) => `[sources.a]\nvendor = "gptbots"\n${line}`
    for (const time of ["2024-06-01", "2024-06-01T08:00:00", "2024-06-01T08:00:00Z", "07:32:00"]) {
      assert.deepStrictEqual(problems(source(`since = ${time}`)), [
        "c.toml:3: sources.a.since must be text in quotes"
      ])
    }
    assert.deepStrictEqual(problems("[sources.a]\nvendor = 'chatling'\nchatbot = 2024-06-01"), [
      "c.toml:3: sources.a.chatbot must be text in quotes"
    ])
  })

  it("keeps the order of its sources, also of those named by numbers", () => {
    const { sources } = parsed(
      ["10", "9", "b", "8"]
        .map((name) => `[sources.${name}]\nvendor = "chatling"\nchatbot = "${name}"`)
        .join("\n")
    )
    assert.deepStrictEqual(
      sources.map(({ name }) => name),
      ["10", "9", "b", "8"]
    )
  })

  it("is not nested deeply", () => {
    for (const text of [`a = ${"[".repeat(5000)}`, `a = ${"{a=".repeat(5000)}`]) {
      assert.match(problems(text)[0] ?? "", /^c\.toml:\d+: this is no TOML: /)
    }
  })

  it("says where a text is no TOML", () => {
    assert.deepStrictEqual(problems("[sources\n"), ["c.toml:2: this is no TOML: Unterminated table-key"])
    assert.match(problems("a = 1\na = 2")[0] ?? "", /^c\.toml:2: this is no TOML: /)
  })

  it("has no token, and repeats none", () => {
    const secret = "sk-1234567890"
    for (const text of [
      `[accounts.chatling.eu]\ntoken = "${secret}"`,
      `[accounts.chatling.eu]\ntoken = { variable = "A", file = "${secret}" }`,
      `[accounts.chatling.eu]\ntoken = { command = "${secret}" }`,
      `archive = "postgres://me:${secret}@host/db"`,
      `[sources.a]\nvendor = "botuj"\ntoken = "${secret}"`
    ]) {
      const told = problems(text).join("\n")
      assert.notInclude(told, secret)
      assert.match(told, /^c\.toml:[123]: \S+ /)
    }
  })

  it("names two sources that read the same", () => {
    assert.deepStrictEqual(
      problems("[sources.a]\nvendor = 'botuj'\n[sources.b]\nvendor = 'botuj'\nparallel = 8"),
      ["c.toml:3: sources.b reads the same as a; leave one out"]
    )
    assert.deepStrictEqual(
      problems(
        "[sources.a]\nvendor = 'gptbots'\napi = 'v1'\n[sources.b]\nvendor = 'gptbots'\nendpoint = 'sg'"
      ),
      ["c.toml:4: sources.b reads the same as a; leave one out"]
    )
  })

  it("refuses a page size where the server chooses it", () => {
    assert.deepStrictEqual(problems("[sources.a]\nvendor = 'chatling'\nchatbot = '1'\npage-size = 10"), [
      "c.toml:4: sources.a.page-size must be left out: Chatling's server chooses the page size"
    ])
  })
})

describe("the configuration that init writes", () => {
  it("is one, as it is and without its comment signs", () => {
    assert.deepStrictEqual(parsed(Template.text(vendors)).sources, [])
    // One sign less makes each example a setting. What has two signs, or is a sentence, stays a comment.
    const shown = Template.text(vendors).replaceAll(/^# (?=\[|[a-z-]+ = )/gm, "")
    const examples = parsed(shown.replaceAll(/^(archive|token) = \{.*\n/gm, ""))
    assert.deepStrictEqual(
      examples.sources.map(({ vendor }) => vendor.definition.name),
      names
    )
  })

  it("has a JSON Schema with every key", () => {
    const text = JSON.stringify(Schemas.jsonSchema(vendors))
    for (const key of ["archive", "rate-limit", "quarantine-share", "chatbot", "organization", "endpoint"]) {
      assert.include(text, `"${key}"`)
    }
    assert.notInclude(text, '"additionalProperties":true')
    assert.include(text, "Read conversations in full if they were active within this time")
  })
})
