/**
 * What each stage of reading a page costs, from the answer's bytes to canonical messages.
 *
 * One page of 100 GPTBots messages, the transport replaced by a ready answer. Each stage does what the one before it
 * does and one thing more, so that their differences are the costs. Measured in two processes: with the schemas
 * interpreted, and with `effect/schema/SchemaJITCompiler/enable` as the first import.
 */
import { Page, VendorClient } from "@colloquy/core"
import { errors, Gptbots, Listings, Mapping } from "@colloquy/gptbots"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { compare } from "./measure.ts"

// ---------------------------------------------------------------------------------------------------------------
// The stages
// ---------------------------------------------------------------------------------------------------------------

const messages = Array.from({ length: 100 }, (_, index) => ({
  message_id: (0x645dd86906931c4a9e0n + BigInt(index)).toString(16).padEnd(24, "0"),
  parent_message_id:
    index === 0 ? "" : (0x645dd86906931c4a9e0n + BigInt(index - 1)).toString(16).padEnd(24, "0"),
  message_type: index % 2 === 0 ? "ANSWER" : "QUESTION",
  text: `Message ${index}: where do I find the invoice of last month, and whom may I ask about it?`,
  create_time: 1_683_871_849_906 + index * 61_007
}))
const body = JSON.stringify({ total: 100, messages })
const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }

const http = HttpClient.make((request) =>
  Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body, { headers })))
)

const options = { token: Redacted.make("token"), baseUrl: "http://127.0.0.1" }
const context = { account: "default", conversationId: "c" }

/** A tracer that keeps the last thousand spans. */
const inMemory = () => {
  const spans: Array<Tracer.Span> = []
  return Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      if (spans.length === 1000) spans.length = 0
      spans.push(span)
      return span
    }
  })
}

const makeStages = Effect.gen(function* () {
  const client = yield* VendorClient.make({ ...options, vendor: "gptbots", errors })
  const gptbots = yield* Gptbots.make(options)
  const listing = Listings.messages(context)
  const request = {
    operation: listing.operation,
    ...listing.request({ page: 1, offset: 0, size: 100, cursor: null })
  }
  const rows = Effect.map(client.get(request), (body) => listing.envelope(body)?.rows.every(listing.row.is))
  const read = gptbots
    .messagePages(context)
    .pipe(Stream.map((page) => Page.map(page, (wire) => Mapping.toMessage(context, wire))))
  return [
    {
      name: "`HttpClient.get` and `JSON.parse`",
      run: Effect.orDie(Effect.flatMap(http.get("http://127.0.0.1/v1/messages"), (response) => response.json))
    },
    { name: "`VendorClient.get`", run: Effect.orDie(client.get(request)) },
    { name: "and the envelope, and each row checked", run: Effect.orDie(rows) },
    { name: "and the walk", run: Effect.orDie(Stream.runDrain(gptbots.messagePages(context))) },
    { name: "and canonical messages", run: Effect.orDie(Stream.runDrain(read)) },
    {
      name: "and a tracer in memory",
      run: Effect.orDie(Stream.runDrain(read)).pipe(Effect.withTracer(inMemory()))
    }
  ]
}).pipe(
  Effect.provideService(HttpClient.HttpClient, http),
  Effect.provide(VendorClient.layerRateLimiter),
  Effect.orDie
)

const measured = Effect.flatMap(makeStages, (stages) => compare(stages, { rounds: 15, times: 150 }))

// ---------------------------------------------------------------------------------------------------------------
// The two processes
// ---------------------------------------------------------------------------------------------------------------

const Timings = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ name: Schema.String, micros: Schema.Finite, ratio: Schema.Finite }))
)

const inProcess = Effect.fnUntraced(function* (flags: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner
  const command = ChildProcess.make(process.execPath, [...flags, import.meta.filename])
  return yield* Schema.decodeEffect(Timings)(yield* spawner.string(command))
})

/** The benchmark. */
export const hotpath: Effect.Effect<string> = Effect.gen(function* () {
  const interpreted = yield* inProcess([])
  const compiled = yield* inProcess([
    "--import",
    import.meta.resolve("effect/schema/SchemaJITCompiler/enable")
  ])
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
}).pipe(Effect.provide(NodeServices.layer), Effect.orDie)

if (import.meta.main) {
  NodeRuntime.runMain(
    Effect.flatMap(Effect.flatMap(measured, Schema.encodeEffect(Timings)), (json) => Console.log(json))
  )
}
