/**
 * Compares two ways to describe a vendor's endpoint: `HttpApi`, and a listing over `HttpClient` (decision 0003).
 *
 * Reads one page of 100 messages from a ready answer without a transport, so that only decoding is timed. Then shows
 * what each way makes of the odd answers that vendors give.
 */
import { SourceError } from "@colloquy/core"
import { Gptbots, Wire } from "@colloquy/gptbots"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { compare } from "./measure.ts"

// ---------------------------------------------------------------------------------------------------------------
// The two ways
// ---------------------------------------------------------------------------------------------------------------

const PageOfMessages = Schema.Struct({
  total: Schema.Union([Schema.Finite, Schema.FiniteFromString]),
  messages: Schema.Array(Wire.Message)
})

class GptbotsFailure extends Schema.TaggedError<GptbotsFailure>()(
  "GptbotsFailure",
  { code: Schema.Finite, message: Schema.String },
  { httpApiStatus: 400 }
) {}

const api = HttpApi.make("gptbots").add(
  HttpApiGroup.make("history").add(
    HttpApiEndpoint.get("messages", "/v1/messages", {
      query: {
        conversation_id: Schema.String,
        page: Schema.FiniteFromString,
        page_size: Schema.FiniteFromString
      },
      success: PageOfMessages,
      error: GptbotsFailure
    })
  )
)

const answering = (answer: () => Response): HttpClient.HttpClient =>
  HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, answer())))

const byHttpApi = (answer: () => Response) =>
  Effect.map(
    HttpApiClient.makeWith(api, { httpClient: answering(answer), baseUrl: "http://127.0.0.1" }),
    (client) => client.history.messages({ query: { conversation_id: "c", page: 1, page_size: 100 } })
  )

const byListing = (answer: () => Response) =>
  Effect.map(
    Gptbots.make({
      token: Redacted.make("token"),
      baseUrl: "http://127.0.0.1",
      policy: { retries: 0 }
    }).pipe(Effect.provideService(HttpClient.HttpClient, answering(answer))),
    (gptbots) => Stream.runDrain(gptbots.messages.items({ conversationId: "c" }))
  )

const byJsonParse = (answer: () => Response) =>
  Effect.succeed(
    Effect.flatMap(answering(answer).get("http://127.0.0.1/v1/messages"), (response) => response.json)
  )

// ---------------------------------------------------------------------------------------------------------------
// The answers
// ---------------------------------------------------------------------------------------------------------------

const messages = Array.from({ length: 100 }, (_, index) => ({
  message_id: (0x645dd86906931c4a9e0n + BigInt(index)).toString(16).padEnd(24, "0"),
  parent_message_id:
    index === 0 ? "" : (0x645dd86906931c4a9e0n + BigInt(index - 1)).toString(16).padEnd(24, "0"),
  message_type: index % 2 === 0 ? "ANSWER" : "QUESTION",
  text: `Message ${index}: where do I find the invoice of last month, and whom may I ask about it?`,
  create_time: 1_683_871_849_906 + index * 1000
}))

const json = (value: unknown, status = 200) => {
  const body = JSON.stringify(value)
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }
  return () => new Response(body, { status, headers })
}

const page = json({ total: 100, messages })

const oddAnswers: ReadonlyArray<readonly [what: string, answer: () => Response]> = [
  ["error in a 200: {code: 40356}", json({ code: 40356, message: "no such conversation" })],
  ["documented error with an undeclared status (403)", json({ code: 40127, message: "who are you" }, 403)],
  [
    "HTML with status 200",
    () => new Response("<html>Bad gateway</html>", { headers: { "content-type": "text/html" } })
  ],
  ["JSON cut short", () => new Response(JSON.stringify({ total: 1 }).slice(0, 5))],
  ["one bad record of 100", json({ total: 100, messages: [...messages.slice(1), { message_id: 7 }] })]
]

// ---------------------------------------------------------------------------------------------------------------
// Results
// ---------------------------------------------------------------------------------------------------------------

const isSourceError = Schema.is(SourceError)

/** A failure in short: its tags from the outside in. */
const tags = (error: unknown): string => {
  if (isSourceError(error)) {
    const { reason } = error
    return `SourceError / ${reason._tag}${reason._tag === "InvalidResponse" ? ` (${reason.kind}, row ${reason.position})` : ""}`
  }
  const tag = Predicate.hasProperty(error, "_tag") ? String(error._tag) : typeof error
  return Predicate.hasProperty(error, "reason") ? `${tag} / ${tags(error.reason)}` : tag
}

const outcome = <E>(effect: Effect.Effect<unknown, E>): Effect.Effect<string> =>
  Effect.match(effect, { onSuccess: () => "succeeds", onFailure: tags })

/** The benchmark. */
export const endpoint: Effect.Effect<string> = Effect.gen(function* () {
  const candidates = [
    { name: "HttpClient + JSON.parse, nothing checked", run: Effect.orDie(yield* byJsonParse(page)) },
    { name: "HttpApi endpoint", run: Effect.orDie(yield* byHttpApi(page)) },
    { name: "listing over VendorClient (the walk included)", run: Effect.orDie(yield* byListing(page)) }
  ]
  const timings = yield* compare(candidates, { rounds: 15, times: 200 })
  const rows = timings.map(
    ({ name, micros, ratio }) => `| ${name} | ${micros.toFixed(0)} µs | ${ratio.toFixed(2)} |`
  )
  const odd: Array<string> = []
  for (const [what, answer] of oddAnswers) {
    const api = yield* outcome(yield* byHttpApi(answer))
    const listing = yield* outcome(yield* byListing(answer))
    odd.push(`| ${what} | ${api} | ${listing} |`)
  }
  return [
    "| one page of 100 GPTBots messages | median | ratio |",
    "|---|---|---|",
    ...rows,
    "",
    "| odd answer | HttpApi | listing |",
    "|---|---|---|",
    ...odd
  ].join("\n")
}).pipe(Effect.orDie)
