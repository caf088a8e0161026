/**
 * The cost of each stage of reading a page, from the answer's bytes to canonical messages.
 *
 * Reads one page of 100 GPTBots messages from a ready answer without a transport. Each stage adds one step to the stage
 * before it, so that the differences are the costs. Measured in two processes: with interpreted schemas, and with
 * `effect/schema/SchemaJITCompiler/enable` as the first import.
 */
import { Page } from "@colloquy/core"
import { VendorClient } from "@colloquy/core/vendor"
import { Codecs, errors, Gptbots, Listings, type Wire } from "@colloquy/gptbots"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { collecting } from "./collectingTracer.ts"
import { compare } from "./measure.ts"
import { http, inProcess, options, place, Timings } from "./readyPage.ts"

// ---------------------------------------------------------------------------------------------------------------
// The stages
// ---------------------------------------------------------------------------------------------------------------

const makeStages = Effect.gen(function* () {
  const client = yield* VendorClient.make({ ...options, vendor: "gptbots", errors })
  const gptbots = yield* Gptbots.make(options)
  const { conversationId } = place
  const request = {
    operation: Codecs.messages.operation,
    path: ["v1", "messages"],
    query: { conversation_id: conversationId, page: 1, page_size: 100 }
  }
  const rows = Effect.map(client.read(request), ({ body, headers }) =>
    Listings.messages.envelope(body, headers)?.rows.every(Codecs.messages.row.is)
  )
  const pages = gptbots.messages.pages({ conversationId })
  const read = Stream.map(pages, (page) => Page.map(page, decode))
  return [
    {
      name: "`HttpClient.get` and `JSON.parse`",
      run: Effect.orDie(Effect.flatMap(http.get("http://127.0.0.1/v1/messages"), (response) => response.json))
    },
    { name: "`VendorClient.read`", run: Effect.orDie(client.read(request)) },
    { name: "and the envelope, and each row checked", run: Effect.orDie(rows) },
    { name: "and the walk", run: Effect.orDie(Stream.runDrain(pages)) },
    { name: "and canonical messages", run: Effect.orDie(Stream.runDrain(read)) },
    {
      name: "and a tracer in memory",
      run: Effect.orDie(Stream.runDrain(read)).pipe(Effect.withTracer(collecting("records").tracer))
    }
  ]
}).pipe(Effect.provideService(HttpClient.HttpClient, http), Effect.orDie)

const decode = (wire: Wire.Message, index: number) => Codecs.messages.decode(wire, { ...place, index })

const measured = Effect.flatMap(makeStages, (stages) => compare(stages, { rounds: 15, times: 150 }))

// ---------------------------------------------------------------------------------------------------------------
// The two processes
// ---------------------------------------------------------------------------------------------------------------

/** The benchmark. */
export const hotpath: Effect.Effect<string> = Effect.gen(function* () {
  const interpreted = yield* inProcess(import.meta.filename, "interpreted")
  const compiled = yield* inProcess(import.meta.filename, "compiled")
  const columns = [interpreted, compiled].map((timings) => (at: number) => {
    const micros = timings[at]?.micros ?? 0
    const more = micros - (timings[at - 1]?.micros ?? micros)
    return `${micros.toFixed(0)} µs | ${at === 0 ? "" : `${more < 0 ? "" : "+"}${more.toFixed(0)}`}`
  })
  return [
    "| one page of 100 GPTBots messages | interpreted | | compiled | |",
    "|---|--:|--:|--:|--:|",
    ...interpreted.map(({ name }, at) => `| ${name} | ${columns.map((column) => column(at)).join(" | ")} |`)
  ].join("\n")
})

if (import.meta.main) {
  NodeRuntime.runMain(
    Effect.flatMap(Effect.flatMap(measured, Schema.encodeEffect(Timings)), (json) => Console.log(json))
  )
}
