/**
 * Transport: faults between the vendor and its reader.
 */
import type { Reason, SourceService } from "@colloquy/core"
import { Rows } from "@colloquy/engine"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"

const setting = { conversations: 15, messages: 60 }
const pageSize = 10

const passing = [
  "429@first:2",
  "429=2@every:3",
  "429-date=3@every:4",
  "429-reset=3@every:4",
  "500@first:2",
  "502@every:4",
  "503@p:0.2",
  "reset@every:4",
  "cut@every:3",
  "truncate@every:3",
  "latency=50",
  "slow=10"
]

export const passingFaults = Check.ofSources("passingFaults", (source) =>
  Stage.first(passing, (faults) =>
    Effect.gen(function* () {
      const stage = yield* Stage.open(source, { ...setting, faults })
      return yield* Stage.first(Stage.listings(stage), ({ read, truth, what }) =>
        Effect.map(Stage.read(stage, read, { pageSize }), (exit) =>
          Stage.within(
            `${what}, with ${faults}`,
            Exit.isSuccess(exit) ? Stage.difference(exit.value, truth()) : Stage.shown(exit)
          )
        )
      )
    })
  )
)

/** Reads the list, and a conversation: more than one request even where each comes in one answer. */
const both = (stage: Stage.Stage) => (service: SourceService) =>
  Effect.andThen(
    Stage.listing(stage, "conversations").read(service),
    Stage.listing(stage, "messages").read(service)
  )

type Expected = readonly [fault: string, tag: Reason["_tag"], kind?: string]

const lasting: ReadonlyArray<Expected> = [
  ["429=600", "RateLimited"],
  ["429", "RateLimited"],
  ["500", "Unavailable"],
  ["502", "Unavailable"],
  ["503", "Unavailable"],
  ["reset", "Transport"],
  ["cut", "Transport"],
  ["truncate", "InvalidResponse", "truncated"],
  ["latency=31000", "Timeout"],
  ["slow=6000", "Timeout"],
  ["html", "InvalidResponse", "notJson"],
  ["redirect", "InvalidResponse", "redirect"],
  ["echo-token", "Unauthorized"],
  ["expire=1", "Unauthorized"],
  ["expire=0", "Unauthorized"]
]

export const lastingFaults = Check.ofSources("lastingFaults", (source) =>
  Stage.first(lasting, ([faults, tag, kind]) =>
    Effect.gen(function* () {
      const stage = yield* Stage.open(source, { ...setting, faults })
      const exit = yield* Stage.read(stage, both(stage), { pageSize })
      const reason = Stage.reasonOf(exit)
      const hasKind = kind === undefined || (reason?._tag === "InvalidResponse" && reason.kind === kind)
      const expected = kind === undefined ? tag : `${tag} (${kind})`
      return reason?._tag === tag && hasKind
        ? undefined
        : `${faults} should be ${expected}; ${Stage.shown(exit)}`
    })
  )
)

const renewed = "renewed-8a1d6c0e"

export const tokenRenewed = Check.ofSources("tokenRenewed", (source) =>
  Stage.first(["expire=2@first:3", "echo-token@nth:3"], (faults) =>
    Effect.gen(function* () {
      const stage = yield* Stage.open(source, { ...setting, faults, renewed })
      // Without its entry in the list, an empty conversation may be taken for an unknown one.
      const ids = Rows.toArray(stage.emulated.corpus.conversationIds).filter(
        (id) => Stage.rowsOf(stage, id).length > 0
      )
      const read = (service: SourceService) => Effect.forEach(ids, (id) => Stage.messages(stage, id)(service))
      let readings = 0
      const token = Effect.sync(() => Redacted.make(readings++ === 0 ? Stage.token : renewed))
      const exit = yield* Stage.read(stage, read, { pageSize, token })
      const problem = Exit.isSuccess(exit)
        ? Stage.difference(
            exit.value.flat(),
            ids.flatMap((id) => Stage.rowsOf(stage, id))
          )
        : Stage.shown(exit)
      const times = readings === 2 ? undefined : `the token was read ${readings} times, not twice`
      return Stage.within(faults, problem ?? times)
    })
  )
)
