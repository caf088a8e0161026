import { assert, describe, it } from "@effect/vitest"
import { DateTime } from "effect"
import * as Checkpoints from "#internal/checkpoints"
import * as Need from "#internal/need"
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
const read: Checkpoints.State = {
  ...Checkpoints.initial,
  reading: 3,
  finished_reading: 3,
  begun_at: begun,
  read_run: run - 1,
  whole_run: run - 1,
  counted: 5,
  listed_count: 5,
  listed_active: null
}

describe("what a conversation needs", () => {
  const cases: ReadonlyArray<
    readonly [
      string,
      Need.Need,
      ReturnType<typeof listed>,
      Checkpoints.State | undefined,
      Partial<Need.Given>
    ]
  > = [
    ["never met", "new", listed(5, null), undefined, {}],
    ["never met, full", "new", listed(5, null), undefined, { full: true }],
    ["met, never read", "new", listed(5, null), Checkpoints.initial, { full: true }],
    ["same count", "nothing", listed(5, null), read, {}],
    ["another count", "new", listed(6, null), read, {}],
    ["another count, read by this run", "new", listed(6, null), { ...read, read_run: run }, {}],
    [
      "same activity",
      "nothing",
      listed(null, before),
      { ...read, listed_count: null, listed_active: before },
      {}
    ],
    ["same count, other activity", "new", listed(5, after), { ...read, listed_active: before }, {}],
    ["list tells nothing", "new", listed(null, null), { ...read, listed_count: null }, {}],
    [
      "same activity, of just before it was read",
      "new",
      listed(null, "2026-01-04T23:59:30Z"),
      { ...read, listed_count: null, listed_active: "2026-01-04T23:59:30Z" },
      {}
    ],
    ["list tells nothing, read by this run", "nothing", listed(null, null), { ...read, read_run: run }, {}],
    ["list tells nothing, read by a later run", "nothing", listed(null, null), { ...read, read_run: 9 }, {}],
    ["list tells nothing, read by the run before", "new", listed(null, null), read, {}],
    [
      "list tells nothing, read by a run without a number",
      "new",
      listed(null, null),
      { ...read, read_run: null },
      {}
    ],
    ["messages suspected", "whole", listed(5, null), { ...read, suspected: 1 }, {}],
    [
      "messages suspected, read whole by this run",
      "nothing",
      listed(5, null),
      { ...read, suspected: 1, whole_run: run },
      {}
    ],
    ["the list counts more than is known", "whole", listed(5, null), { ...read, counted: 4 }, {}],
    [
      "the same after two whole readings",
      "nothing",
      listed(5, null),
      { ...read, counted: 4, short_runs: 2 },
      {}
    ],
    ["the list counts fewer than are known", "nothing", listed(5, null), { ...read, counted: 6 }, {}],
    ["same count, failed", "new", listed(5, null), { ...read, failure: "Timeout: no" }, {}],
    ["same count, unfinished", "new", listed(5, null), { ...read, finished: 0 }, {}],
    ["full", "whole", listed(5, null), read, { full: true }],
    ["full, read whole by this run", "nothing", listed(5, null), { ...read, whole_run: run }, { full: true }],
    [
      "full, read whole by this run, news since",
      "new",
      listed(6, null),
      { ...read, whole_run: run },
      { full: true }
    ],
    ["full, unfinished", "whole", listed(5, null), { ...read, finished: 0, whole_run: run }, { full: true }],
    [
      "lookback, active before",
      "nothing",
      listed(5, before),
      { ...read, listed_active: before },
      { lookback: "2 days" }
    ],
    [
      "lookback, active lately",
      "whole",
      listed(5, after),
      { ...read, listed_active: after },
      { lookback: "2 days" }
    ],
    ["lookback, activity unknown", "whole", listed(5, null), read, { lookback: "2 days" }],
    ["lookback, odd activity", "whole", listed(5, "2026-13-45T00:00:00Z"), read, { lookback: "2 days" }]
  ]
  it.each(cases)("%s: %s", (_, need, conversation, state, more) => {
    assert.strictEqual(Need.of(conversation, state, { ...given, ...more }), need)
  })
})
