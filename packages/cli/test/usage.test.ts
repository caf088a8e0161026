/**
 * What the command refuses before it asks a vendor: exit code 2 and one line that says what to do.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Support from "./support.ts"

const env = Support.tokens

interface Case {
  readonly what: string
  readonly args: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
  readonly code: number
  readonly last: RegExp
  /** What else stderr has. */
  readonly says?: RegExp
}

/** What fails before anything is sent. */
const refusals: ReadonlyArray<Case> = [
  { what: "no command", args: [], code: 2, last: /^error: Usage: a command is missing/ },
  { what: "an unknown command", args: ["fetch"], code: 2, last: /^error: Usage: .*"fetch"/ },
  {
    what: "an unknown vendor",
    args: ["pull", "acme", "--all"],
    code: 2,
    last: /^error: Usage: Unknown subcommand "acme" for "colloquy pull"; give one of the subcommands above$/
  },
  {
    what: "a mistyped command",
    args: ["pul"],
    code: 2,
    last: /^error: Usage: Unknown subcommand "pul" for "colloquy"; did you mean pull\?$/
  },
  {
    what: "a mistyped vendor",
    args: ["pull", "chatlin", "--all"],
    code: 2,
    last: /^error: Usage: Unknown subcommand "chatlin" for "colloquy pull"; did you mean chatling\?$/
  },
  {
    what: "a mistyped flag",
    args: ["sync", "botuj", "--fulll"],
    code: 2,
    last: /^error: Usage: Unrecognized flag: --fulll in command colloquy sync botuj; did you mean --full\?$/
  },
  {
    what: "a mistyped global flag",
    args: ["sync", "botuj", "--confg", "c.toml"],
    code: 2,
    last: /^error: Usage: Unrecognized flag: --confg in command colloquy sync botuj$/,
    says: /^nearest: --config$/m
  },
  {
    what: "a vendor's flag without the vendor",
    args: ["sync", "--account", "eu"],
    code: 2,
    last: /^error: Usage: Unrecognized flag: --account in command colloquy sync$/,
    says: /^a subcommand's flags stand behind it: colloquy sync <subcommand> --account$/m
  },
  {
    what: "times that end before they begin",
    args: ["conversations", "gptbots", "--since", "2030-01-01", "--until", "2020-01-01"],
    code: 2,
    last: /^error: InvalidRequest: .*until is before since/
  },
  {
    what: "a flag in front of its command",
    args: ["sync", "--full", "botuj"],
    code: 2,
    last: /^error: Usage: Unrecognized flag: --full in command colloquy sync botuj$/,
    says: /^order: colloquy sync botuj --full$/m
  },
  {
    what: "a mistyped flag with a value",
    args: ["sync", "--sorce", "support"],
    code: 2,
    last: /^error: Usage: Unrecognized flag: --sorce in command colloquy sync; did you mean --source\?$/
  },
  {
    what: "a mistyped vendor",
    args: ["forget", "--vendor", "chatlin", "--user", "1"],
    code: 2,
    last: /^error: Usage: no vendor is called "chatlin"; did you mean chatling\?$/
  },
  { what: "an unknown flag", args: ["pull", "botuj", "--al"], code: 2, last: /^error: Usage: .*--al/ },
  {
    what: "a missing token",
    args: ["pull", "chatling", "--chatbot", "1", "--all"],
    env: {},
    code: 2,
    last: /^error: Usage: no token; set CHATLING_API_KEY, or CHATLING_API_KEY_FILE/
  },
  {
    what: "a missing token of an account",
    args: ["pull", "botuj", "--all", "--account", "eu-west"],
    code: 2,
    last: /^error: Usage: no token; set BOTUJ_API_KEY_EU_WEST/
  },
  {
    what: "a token file that is not there",
    args: ["pull", "botuj", "--all"],
    env: { BOTUJ_API_KEY_FILE: "/nonexistent/token" },
    code: 2,
    last: /^error: Usage: the file \/nonexistent\/token, named by BOTUJ_API_KEY_FILE, cannot be read/
  },
  {
    what: "neither a conversation nor --all",
    args: ["pull", "botuj"],
    code: 2,
    last: /^error: Usage: give either --conversation ID or --all/
  },
  {
    what: "an empty id",
    args: ["pull", "botuj", "--conversation", "", "--base-url", "http://127.0.0.1:9"],
    code: 2,
    last: /^error: Usage: Missing value for flag --conversation\. Expected: a value that is not empty/
  },
  {
    what: "page size 0",
    args: ["pull", "botuj", "--all", "--page-size", "0"],
    code: 2,
    last: /^error: InvalidRequest: .*1 to 100; got 0/
  },
  {
    what: "a page size above the maximum",
    args: ["pull", "gptbots", "--all", "--page-size", "101"],
    code: 2,
    last: /^error: InvalidRequest: .*1 to 100; got 101/
  },
  {
    what: "a bound of no pages",
    args: ["pull", "botuj", "--all", "--max-pages", "0"],
    code: 2,
    last: /^error: Usage: .*--max-pages: "0"\. Expected: a number, 1 or more/
  },
  {
    what: "a page size that is no number",
    args: ["pull", "botuj", "--all", "--page-size", "many"],
    code: 2,
    last: /^error: Usage: .*--page-size: "many"\. Expected: a number$/
  },
  {
    what: "a page size for Chatling",
    args: ["pull", "chatling", "--chatbot", "1", "--all", "--page-size", "5"],
    code: 2,
    last: /^error: Usage: Chatling's server chooses the page size/
  },
  {
    what: "a base URL that is none",
    args: ["pull", "botuj", "--all", "--base-url", "not a url"],
    code: 2,
    last: /^error: InvalidRequest: .*is not a URL/
  },
  {
    what: "plain HTTP to elsewhere",
    args: ["pull", "botuj", "--all", "--base-url", "http://192.0.2.1"],
    code: 2,
    last: /^error: InvalidRequest: .*https only/
  },
  {
    what: "a time that is none",
    args: ["pull", "gptbots", "--all", "--since", "yesterday"],
    code: 2,
    last: /^error: Usage: .*--since: "yesterday"\. Expected: a time such as 2024-06-01/
  },
  {
    what: "a time that only looks like one",
    args: ["pull", "gptbots", "--all", "--until", "2024-13-45"],
    code: 2,
    last: /^error: Usage: .*--until: "2024-13-45"\. Expected: a time such as/
  },
  ...["2024-13-01", "2024-02-30", "2023-02-29T12:00Z", "99999999999999999999", "", "NaN", "1e9"].map(
    (time) => ({
      what: `no day of a calendar (${time})`,
      args: ["pull", "gptbots", "--all", "--since", time],
      code: 2,
      last: /^error: Usage: .*--since.* Expected: a time such as/
    })
  ),
  ...["-1", "0", "1e9", "NaN", ""].map((count) => ({
    what: `a concurrency of "${count}"`,
    args: ["pull", "botuj", "--all", "--concurrency", count],
    code: 2,
    last: /^error: Usage: .*--concurrency.* Expected: a number( from 1 to 64)?$/
  })),
  {
    what: "half a page",
    args: ["pull", "botuj", "--all", "--page-size", "1.5"],
    code: 2,
    last: /^error: Usage: .*--page-size: "1\.5"\. Expected: a whole number$/
  },
  ...[
    ["pull", "botuj", "--all", "--base-url"],
    ["pull", "botuj", "--all", "--out"],
    ["forget", "--vendor", "botuj", "--user"],
    ["forget", "--vendor", "botuj", "--conversation"],
    ["sync", "botuj", "--conversation"],
    ["pull", "gptbots", "--all", "--user"],
    ["pull", "gptbots", "--all", "--endpoint"],
    ["emulate", "--token"],
    ["demo", "--out"]
  ].map((args) => ({
    what: `an empty ${args.join(" ")}`,
    args: [...args, ""],
    code: 2,
    last: new RegExp(
      `^error: Usage: Missing value for flag ${args.at(-1)}\\. Expected: a value that is not empty$`
    )
  })),
  {
    what: "a number in place of a time",
    args: ["pull", "gptbots", "--all", "--since", "-5"],
    code: 2,
    last: /^error: Usage: .*--since: "-5"\. Expected: a time such as/
  },
  {
    what: "an empty option of a vendor",
    args: ["pull", "chatling", "--chatbot", "", "--all"],
    code: 2,
    last: /^error: Usage: .*--chatbot\. Expected: a value that is not empty/
  },
  {
    what: "an empty account",
    args: ["pull", "botuj", "--all", "--account", ""],
    code: 2,
    last: /^error: Usage: .*--account\. Expected: a value that is not empty/
  },
  {
    what: "a choice that is none",
    args: ["pull", "gptbots", "--all", "--api", "v3"],
    code: 2,
    last: /^error: Usage: .*--api: "v3"\. Expected: "v1" \| "v2"/
  },
  {
    what: "a missing option of a vendor",
    args: ["pull", "chatling", "--all"],
    code: 2,
    last: /^error: Usage: Missing required flag: --chatbot/
  },
  {
    what: "no way to list conversations",
    args: ["pull", "opencopilot", "--all"],
    code: 2,
    last: /^error: Usage: give --bot ID or --organization ID/
  },
  {
    what: "no way to read messages",
    args: ["pull", "opencopilot", "--organization", "1", "--conversation", "2"],
    code: 2,
    last: /^error: Usage: --conversation needs --bot ID/
  },
  {
    what: "two lists of conversations",
    args: ["conversations", "opencopilot", "--bot", "1", "--organization", "2"],
    code: 2,
    last: /^error: Usage: give either --bot ID or --organization ID/
  },
  {
    what: "a fault that is none",
    args: ["emulate", "--faults", "gremlins=3"],
    code: 2,
    last: /^error: Usage: --faults: .*gremlins/
  }
]

describe("a usage error", () => {
  for (const { args, code, env: own = env, last, says = /./, what } of refusals) {
    it.live(`${what}: exit ${code} and one line that says what to do`, () =>
      Effect.gen(function* () {
        const result = yield* Support.colloquy(args, { env: own })
        assert.strictEqual(result.code, code, result.stderr)
        assert.match(result.last, last)
        assert.match(result.stderr, says)
        assert.strictEqual(result.stdout, "")
        assert.isFalse(result.stderr.includes(Support.canary))
      })
    )
  }
})
