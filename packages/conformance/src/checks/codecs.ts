/**
 * Codecs: wire rows to canonical values and back.
 */
import { Conversation, Message } from "@colloquy/core"
import { copy } from "@colloquy/engine/WireRows"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isDeepStrictEqual } from "node:util"
import * as Check from "../Check.ts"
import * as Stage from "../Stage.ts"
import type { CodecOf } from "../Subject.ts"

/** Rows of each codec. */
const runs = 150

const ofCodecs = (
  rule: "roundTrip" | "canonical",
  problemOf: (codec: CodecOf, wire: Schema.JsonObject) => string | undefined
) =>
  Check.make(rule, ({ codecs }) =>
    Stage.first(codecs, (each) => drawn(each, (wire) => problemOf(each, wire)))
  )

/** The first problem of drawn rows, in words. */
const drawn = ({ operation, rows }: CodecOf, problemOf: (wire: Schema.JsonObject) => string | undefined) =>
  Arbitrary.checkEffect(
    rows,
    (wire) => {
      const problem = problemOf(wire)
      return problem === undefined ? Effect.succeed(true) : Effect.fail(problem)
    },
    { runs }
  ).pipe(
    Effect.map(Arbitrary.formatCheckFailure),
    Effect.map((problem) => Stage.within(operation, problem))
  )

const decoded = ({ decode }: CodecOf, json: Schema.JsonObject) =>
  decode({
    account: "default",
    conversationId: "c-1",
    index: 0,
    json,
    options: {},
    ordinal: 0
  })

export const roundTrip = ofCodecs("roundTrip", (each, wire) => {
  const result = decoded(each, wire)
  if (Result.isFailure(result)) return `the row was refused: ${result.failure.message}`
  const back = result.success.back()
  return isDeepStrictEqual(copy(back), copy(wire)) ? undefined : `it came back as ${JSON.stringify(back)}`
})

const isMessage = Schema.is(Message)
const isConversation = Schema.is(Conversation)

/** The id of a row is that of its value, unless the vendor gives none: ids that differ must not become one. */
export const identity = Check.make("identity", ({ codecs, listings }) =>
  Stage.first(codecs, (each) => {
    const key = listings.get(each.operation)?.key
    if (key === undefined) return Effect.undefined
    return drawn(each, (wire) => {
      const result = decoded(each, wire)
      if (Result.isFailure(result)) return `the row was refused: ${result.failure.message}`
      const { id, idOrigin }: { readonly id?: unknown; readonly idOrigin?: unknown } = Object(
        result.success.value
      )
      const own = key(wire)
      return own === undefined || idOrigin === "derived" || id === own
        ? undefined
        : `the row's id is ${JSON.stringify(own)}, the value's is ${JSON.stringify(id)}`
    })
  })
)

export const canonical = ofCodecs("canonical", (each, wire) => {
  const result = decoded(each, wire)
  if (Result.isFailure(result)) return `the row was refused: ${result.failure.message}`
  const fits = each.of === "messages" ? isMessage : isConversation
  return fits(result.success.value)
    ? undefined
    : `this is not canonical: ${JSON.stringify(result.success.value)}`
})
