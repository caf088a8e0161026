/**
 * One page of 100 GPTBots messages without a network, and a separate process to time its processing.
 */
import type { Codec } from "@colloquy/core/vendor"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Timing } from "./measure.ts"

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

/** A client that answers every request with the page. */
export const http = HttpClient.make((request) =>
  Effect.succeed(HttpClientResponse.fromWeb(request, new Response(body, { headers })))
)

/** The options of GPTBots' client. */
export const options = { token: Redacted.make("token"), baseUrl: "http://127.0.0.1" }
/** The place of the page's rows: one conversation. */
export const place: Codec.Place = {
  account: "default",
  conversationId: "c",
  index: 0,
  options: {},
  outOfOrder: false,
  carried: undefined
}

/** What a timing process prints. */
export const Timings = Schema.fromJsonString(Schema.Array(Timing))

/** Which schemas a process has. */
export type Schemas = "compiled" | "interpreted"

/** Runs a script and decodes what it prints. */
export const printedBy = Effect.fnUntraced(
  function* <A>(
    printed: Schema.ConstraintCodec<A, string>,
    script: string,
    { args = [], flags = [], schemas }: ProcessOptions
  ) {
    const spawner = yield* ChildProcessSpawner
    const compiler = import.meta.resolve("effect/schema/SchemaJITCompiler/enable")
    const compiled = schemas === "compiled" ? ["--import", compiler] : []
    const command = ChildProcess.make(process.execPath, [...flags, ...compiled, script, ...args])
    return yield* Schema.decodeEffect(printed)(yield* spawner.string(command))
  },
  Effect.provide(NodeServices.layer),
  Effect.orDie
)

/** How to run a script. */
export interface ProcessOptions {
  readonly schemas: Schemas
  readonly args?: ReadonlyArray<string>
  /** Flags of Node. */
  readonly flags?: ReadonlyArray<string>
}

/** Runs a script that prints `Timings`, with schemas compiled or interpreted. */
export const inProcess = (script: string, schemas: Schemas, args: ReadonlyArray<string> = []) =>
  printedBy(Timings, script, { schemas, args })
