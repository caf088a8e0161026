/**
 * Cases that the simulator has found, as it printed them.
 */
import { Bodies, Syncs, Walks } from "@colloquy/simulator"
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

const syncs: Readonly<Record<string, Parameters<typeof Syncs.judge>[0]>> = {
  "a list that grew in front while its pages were read": {
    vendor: {
      messages: {
        paging: "page",
        serves: 10,
        tokens: "row",
        total: "none",
        lastPage: false,
        pastEnd: "documented"
      },
      conversations: {
        paging: "token",
        serves: 5,
        tokens: "place",
        total: "each",
        lastPage: false,
        pastEnd: "refused"
      },
      size: 2,
      newestFirst: true,
      orderKnown: false,
      ids: false,
      times: false,
      list: "both"
    },
    start: [0, 5],
    steps: [
      {
        step: "sync",
        sync: {
          full: false,
          lookback: false,
          only: null,
          parallel: 1,
          concurrency: 1,
          faults: [],
          during: [{ before: 3, change: { kind: "append", conversation: 1, at: 0, rows: 7 } }],
          twice: false,
          list: "one"
        }
      },
      {
        step: "sync",
        sync: {
          full: false,
          lookback: false,
          only: 1,
          parallel: 3,
          concurrency: 1,
          faults: [],
          during: [],
          twice: false,
          list: "one"
        }
      }
    ]
  },
  "pages of a size that a short last page does not tell": {
    vendor: {
      messages: {
        paging: "page",
        serves: 5,
        tokens: "place",
        total: "first",
        lastPage: true,
        pastEnd: "empty"
      },
      conversations: {
        paging: "page",
        serves: 25,
        tokens: "row",
        total: "each",
        lastPage: true,
        pastEnd: "refused"
      },
      size: null,
      newestFirst: true,
      orderKnown: false,
      ids: false,
      times: false,
      list: "nothing"
    },
    start: [3],
    steps: [
      { step: "change", change: { kind: "append", conversation: 0, at: 0, rows: 3 } },
      {
        step: "sync",
        sync: {
          full: false,
          list: "other",
          lookback: false,
          only: null,
          parallel: 1,
          concurrency: 1,
          faults: [],
          during: [],
          twice: true
        }
      },
      { step: "change", change: { kind: "append", conversation: 0, at: 0, rows: 12 } }
    ]
  },
  "a reading that goes on, and no longer knows the rows that come again": {
    vendor: {
      messages: {
        paging: "page",
        serves: 10,
        tokens: "row",
        total: "first",
        lastPage: false,
        pastEnd: "documented"
      },
      conversations: {
        paging: "page",
        serves: 25,
        tokens: "row",
        total: "each",
        lastPage: false,
        pastEnd: "documented"
      },
      size: 2,
      newestFirst: true,
      orderKnown: false,
      ids: true,
      times: false,
      list: "activity"
    },
    start: [0, 3],
    steps: [
      {
        step: "sync",
        sync: {
          full: false,
          list: "one",
          lookback: false,
          only: null,
          parallel: 1,
          concurrency: 1,
          faults: [],
          during: [{ before: 3, change: { kind: "append", conversation: 1, at: 0, rows: 12 } }],
          twice: false
        }
      }
    ]
  },
  "an empty answer that counts nothing, behind rows that are there": {
    vendor: {
      messages: {
        paging: "page",
        serves: 25,
        tokens: "row",
        total: "first",
        lastPage: false,
        pastEnd: "documented"
      },
      conversations: {
        paging: "link",
        serves: 5,
        tokens: "row",
        total: "each",
        lastPage: false,
        pastEnd: "empty"
      },
      size: 7,
      newestFirst: true,
      orderKnown: false,
      ids: false,
      times: false,
      list: "count"
    },
    start: [10, 3],
    steps: [
      {
        step: "sync",
        sync: {
          full: true,
          list: "one",
          lookback: true,
          only: null,
          parallel: 3,
          concurrency: 1,
          faults: [{ kind: "empty", from: 5, times: 1 }],
          during: [{ before: 2, change: { kind: "append", conversation: 0, at: 0, rows: 12 } }],
          twice: false
        }
      },
      { step: "change", change: { kind: "append", conversation: 0, at: 0, rows: 1 } }
    ]
  }
}

describe("a history of syncs that once went wrong", () => {
  it.live.each(Object.entries(syncs))("%s", ([, given]) =>
    Effect.map(Syncs.judge(given, Syncs.sqlite), (wrong) => assert.isUndefined(wrong))
  )
})

const bodies: Readonly<Record<string, Parameters<typeof Bodies.judge>[0]>> = {
  "a page of two strange rows, in a listing without ids that has equal rows": {
    source: "OpenCopilot, a bot",
    conversations: 3,
    messages: 5,
    pageSize: 3,
    concurrency: 1,
    rows: [{ what: "null", field: 0, every: 3, from: 1 }],
    bodies: [{ what: "list", nth: 5, times: 1 }],
    into: "pull"
  },
  "strange rows behind a page of equal ones, in a listing without ids": {
    source: "OpenCopilot, a bot",
    conversations: 2,
    messages: 6,
    pageSize: 3,
    concurrency: 1,
    rows: [],
    bodies: [{ what: "list", nth: 4, times: 1 }],
    into: "pull"
  },
  "equal records of a conversation and of the list": {
    source: "Chatling, newest first",
    conversations: 2,
    messages: 13,
    pageSize: 3,
    concurrency: 1,
    rows: [{ what: "null", field: 0, every: 2, from: 0 }],
    bodies: [],
    into: "sync"
  }
}

describe("damaged answers that once went wrong", () => {
  it.live.each(Object.entries(bodies))("%s", ([, given]) =>
    Effect.map(Bodies.judge(given, Bodies.inProcess), (wrong) => assert.isUndefined(wrong))
  )
})
