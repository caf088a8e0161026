/**
 * Speed and CPU cost of reading one conversation over loopback: Colloquy and alternatives, against the same server. Each
 * reader has its own process, and the readers take turns.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { ChildFailed, type Reader, type Reading, reader, server } from "./children.ts"
import { median } from "./measure.ts"
import { grouped, type Options, type Report } from "./report.ts"

/** Requests in flight, for the readers that fetch ahead. */
const ahead = 8

/** What most people write: the second baseline. */
const byHand = "`fetch` + zod, async generator"

interface Entry {
  readonly file: string
  readonly name: string
  /** What is checked of a row, and what it is decoded to. */
  readonly gives: string
  /** Requests in flight. Default 1. */
  readonly concurrency?: number
}

/** The readers; ratios are to the first. */
const candidates: ReadonlyArray<Entry> = [
  { file: "colloquyJit", name: "Colloquy, schemas compiled", gives: "checked, canonical, proven end" },
  {
    file: "colloquyJit",
    name: `Colloquy, schemas compiled, ${ahead} requests in flight`,
    gives: "checked, canonical, proven end",
    concurrency: ahead
  },
  { file: "colloquy", name: "Colloquy, schemas interpreted", gives: "checked, canonical, proven end" },
  { file: "effectPaginate", name: "Effect `Stream.paginate` + Schema, compiled", gives: "checked rows" },
  { file: "effectLoop", name: "Effect `HttpClient` loop + `JSON.parse`", gives: "unchecked rows" },
  { file: "undiciLoop", name: "undici loop + `JSON.parse`", gives: "unchecked rows" },
  { file: "fetchZod", name: byHand, gives: "checked rows" },
  {
    file: "fetchZodAhead",
    name: `${byHand}, ${ahead} requests in flight`,
    gives: "checked rows",
    concurrency: ahead
  },
  { file: "gotZod", name: "`got.paginate` + zod", gives: "checked rows" },
  { file: "octokit", name: "Octokit `paginate.iterator`", gives: "unchecked rows" }
]

/** The results of one candidate's rounds. */
interface Candidate {
  readonly name: string
  readonly gives: string
  readonly rounds: ReadonlyArray<Reading>
}

/** The rounds of all candidates. */
export interface Rounds {
  readonly messages: number
  readonly candidates: ReadonlyArray<Candidate>
}

/** Every reader reads the conversation, in turns. The first rounds are not counted. */
export const rounds = ({ quick }: Options): Effect.Effect<Rounds, ChildFailed> =>
  Effect.scoped(
    Effect.gen(function* () {
      const messages = quick ? 5_000 : 200_000
      const counted = quick ? 3 : 5
      const baseUrl = yield* server
      const readers = yield* Effect.forEach(candidates, prepare)
      let characters: number | undefined
      for (let round = -1; round < counted; round++) {
        for (const { concurrency, read, readings } of readers) {
          const reading = yield* read({ baseUrl, messages, concurrency })
          characters ??= reading.characters
          if (reading.characters !== characters) {
            return yield* new ChildFailed({ problem: "two readers of the same messages saw different texts" })
          }
          if (round >= 0) readings.push(reading)
        }
      }
      return {
        messages,
        candidates: readers.map(({ gives, name, readings }) => ({ name, gives, rounds: readings }))
      }
    })
  )

interface Prepared {
  readonly name: string
  readonly gives: string
  readonly concurrency: number
  readonly read: Reader
  readonly readings: Array<Reading>
}

const prepare = ({
  concurrency = 1,
  file,
  gives,
  name
}: Entry): Effect.Effect<Prepared, ChildFailed, Scope.Scope> =>
  Effect.map(reader(file), (read) => ({ name, gives, concurrency, read, readings: [] }))

const millisOf = ({ rounds }: Candidate): number => median(rounds.map(({ millis }) => millis))
const cpuOf = ({ rounds }: Candidate): number => median(rounds.map(({ cpuMillis }) => cpuMillis))

/** The table of speeds. */
export const throughput = ({ candidates, messages }: Rounds): Report => {
  const [first] = candidates
  const base = first === undefined ? 1 : millisOf(first)
  const handWritten = candidates.find(({ name }) => name === byHand)
  const handBase = handWritten === undefined ? base : millisOf(handWritten)
  return {
    what: `One conversation of ${grouped(messages)} messages, 100 to a page, one request at a time unless the row says more, over loopback; medians of ${first?.rounds.length} rounds. By hand: ${byHand}.`,
    table: {
      columns: [
        "reader",
        "gives",
        "messages a second",
        "a page",
        "speed, Colloquy = 1",
        "speed, by hand = 1"
      ],
      rows: candidates.map((candidate) => [
        candidate.name,
        candidate.gives,
        grouped((messages / millisOf(candidate)) * 1000),
        `${grouped((millisOf(candidate) * 1000) / (messages / 100))} µs`,
        (base / millisOf(candidate)).toFixed(2),
        (handBase / millisOf(candidate)).toFixed(2)
      ])
    },
    data: { messages, candidates: candidates.map((candidate) => ({ ...candidate })) }
  }
}

/** The table of CPU time, from the same rounds. */
export const cpu = ({ candidates, messages }: Rounds): Report => {
  const [first] = candidates
  const base = first === undefined ? 1 : cpuOf(first)
  const perMillion = (candidate: Candidate) => (cpuOf(candidate) / messages) * 1000
  return {
    what: "CPU time of the reader's process, user and system, in the rounds of `throughput`.",
    table: {
      columns: ["reader", "gives", "CPU seconds a million messages", "cost, Colloquy = 1"],
      rows: candidates.map((candidate) => [
        candidate.name,
        candidate.gives,
        perMillion(candidate).toFixed(2),
        (cpuOf(candidate) / base).toFixed(2)
      ])
    },
    data: candidates.map((candidate) => ({
      name: candidate.name,
      cpuSecondsPerMillion: perMillion(candidate)
    }))
  }
}
