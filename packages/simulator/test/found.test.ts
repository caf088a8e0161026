/**
 * Cases that the simulator has found, as it printed them.
 */
import { Walks } from "@colloquy/simulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

const walks: Readonly<Record<string, Parameters<typeof Walks.judge>[0]>> = {
  "rows in between that came again behind a checkpoint": {
    count: 3,
    size: null,
    newestFirst: true,
    ids: true,
    server: {
      paging: "page",
      serves: 2,
      sizes: "any",
      begins: "served",
      tokens: "row",
      total: "none",
      lastPage: false,
      pastEnd: "refused"
    },
    changes: [{ before: 4, kind: "append", at: 0, rows: 5 }],
    refused: [],
    stops: [3],
    concurrency: 1,
    verify: false,
    delays: []
  }
}

describe("a walk that once went wrong", () => {
  it.live.each(Object.entries(walks))("%s", ([, given]) =>
    Effect.map(Walks.judge(given), (wrong) => assert.isUndefined(wrong))
  )
})
