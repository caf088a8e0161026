import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import * as Checkpoints from "../src/store/checkpoints.ts"
import * as Need from "../src/sync/need.ts"
import * as Pages from "./pages.ts"

const now = DateTime.makeUnsafe("2026-01-10T00:00:00Z")
const before = "2026-01-01T00:00:00.000Z"
const begun = "2026-01-05T00:00:00.000Z"
const after = "2026-01-09T12:00:00.000Z"
const run = 7
const given: Need.Given = { full: undefined, lookback: undefined, from: run, now }

const listed = (messageCount: number | null, updatedAt: string | null) => ({
  ...Pages.conversation("a"),
  messageCount,
  updatedAt
})
const read: Checkpoints.ReadState = {
  ...Checkpoints.initial,
  reading: 3,
  finishedReading: 3,
  begunAt: begun,
  readRun: run - 1,
  wholeRun: run - 1,
  counted: 5,
  listedCount: 5,
  listedActive: null
}

describe("what a conversation needs", () => {
  const cases: ReadonlyArray<
    readonly [
      string,
      Need.Need,
      ReturnType<typeof listed>,
      Checkpoints.ReadState | undefined,
      Partial<Need.Given>
    ]
  > = [
    ["never met", "incremental", listed(5, null), undefined, {}],
    ["never met, full", "incremental", listed(5, null), undefined, { full: true }],
    ["met, never read", "incremental", listed(5, null), Checkpoints.initial, { full: true }],
    ["same count", "skip", listed(5, null), read, {}],
    ["another count", "incremental", listed(6, null), read, {}],
    ["another count, read by this run", "incremental", listed(6, null), { ...read, readRun: run }, {}],
    ["same activity", "skip", listed(null, before), { ...read, listedCount: null, listedActive: before }, {}],
    ["same count, other activity", "incremental", listed(5, after), { ...read, listedActive: before }, {}],
    ["list tells nothing", "incremental", listed(null, null), { ...read, listedCount: null }, {}],
    [
      "same activity, of just before it was read",
      "incremental",
      listed(null, "2026-01-04T23:59:30Z"),
      { ...read, listedCount: null, listedActive: "2026-01-04T23:59:30Z" },
      {}
    ],
    ["list tells nothing, read by this run", "skip", listed(null, null), { ...read, readRun: run }, {}],
    ["list tells nothing, read by a later run", "skip", listed(null, null), { ...read, readRun: 9 }, {}],
    ["list tells nothing, read by the run before", "incremental", listed(null, null), read, {}],
    [
      "list tells nothing, read by a run without a number",
      "incremental",
      listed(null, null),
      { ...read, readRun: null },
      {}
    ],
    ["messages suspected, and nothing to learn", "skip", listed(5, null), { ...read, suspected: 1 }, {}],
    ["doubted", "full", listed(5, null), { ...read, doubted: true }, {}],
    [
      "doubted, read whole by this run",
      "skip",
      listed(5, null),
      { ...read, doubted: true, wholeRun: run },
      {}
    ],
    ["the list counts more than is known", "full", listed(5, null), { ...read, counted: 4 }, {}],
    ["the same after two whole readings", "skip", listed(5, null), { ...read, counted: 4, shortRuns: 2 }, {}],
    [
      "capped, and the list counts more",
      "skip",
      listed(5, null),
      { ...read, counted: 4, capped: "4 rows came" },
      {}
    ],
    [
      "capped, another count",
      "incremental",
      listed(6, null),
      { ...read, counted: 4, capped: "4 rows came" },
      {}
    ],
    ["capped, full", "full", listed(5, null), { ...read, capped: "4 rows came" }, { full: true }],
    ["the list counts fewer than are known", "skip", listed(5, null), { ...read, counted: 6 }, {}],
    ["same count, failed", "incremental", listed(5, null), { ...read, failure: "Timeout: no" }, {}],
    ["same count, unfinished", "incremental", listed(5, null), { ...read, finished: false }, {}],
    ["full", "full", listed(5, null), read, { full: true }],
    ["full, read whole by this run", "skip", listed(5, null), { ...read, wholeRun: run }, { full: true }],
    [
      "full, read whole by this run, news since",
      "incremental",
      listed(6, null),
      { ...read, wholeRun: run },
      { full: true }
    ],
    [
      "full, unfinished",
      "full",
      listed(5, null),
      { ...read, finished: false, wholeRun: run },
      { full: true }
    ],
    [
      "lookback, active before",
      "skip",
      listed(5, before),
      { ...read, listedActive: before },
      { lookback: "2 days" }
    ],
    [
      "lookback, active lately",
      "full",
      listed(5, after),
      { ...read, listedActive: after },
      { lookback: "2 days" }
    ],
    ["lookback, activity unknown", "full", listed(5, null), read, { lookback: "2 days" }],
    ["lookback, odd activity", "full", listed(5, "2026-13-45T00:00:00Z"), read, { lookback: "2 days" }]
  ]
  it.each(cases)("%s: %s", (_, need, conversation, state, more) => {
    assert.strictEqual(Need.of(conversation, state, { ...given, ...more }), need)
  })
})
