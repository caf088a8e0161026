/**
 * Prints spans and metrics. Every request, page and conversation is a span, and every count is a metric of the process.
 * Any exporter of Effect's telemetry has them: `OtlpTracer` and `OtlpMetrics` of `effect/observability` send them to a
 * collector. Reports and progress lines are not computed from metrics.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/telemetry.ts CHATBOT [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/telemetry.ts demo-chatbot http://127.0.0.1:8787`
 */
import { Archive, Sync } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Metric, Tracer } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", baseUrl] = process.argv.slice(2)

// A tracer that counts the spans of each name.
const spans = new Map<string, number>()
const tracer = Tracer.make({
  span: (options) => {
    spans.set(options.name, (spans.get(options.name) ?? 0) + 1)
    return new Tracer.NativeSpan(options)
  }
})

const program = Effect.gen(function* () {
  yield* Effect.withTracer(Sync.sync(yield* Source), tracer)
  for (const [name, count] of spans) yield* Console.log(`span ${name}: ${count}`)
  for (const { attributes, id, state } of yield* Metric.snapshot) {
    if ("count" in state) yield* Console.log(`metric ${id} ${JSON.stringify(attributes)}: ${state.count}`)
  }
})

program.pipe(
  Effect.provide([
    Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: ":memory:" }))),
    Chatling.layerSource({ chatbotId, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))
  ]),
  NodeRuntime.runMain
)
