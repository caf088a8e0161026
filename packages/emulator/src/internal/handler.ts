/**
 * One request: to its vendor, through the faults, into the log.
 */
import { Timestamp } from "@colloquy/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import type { Corpus, Vendor } from "../Corpus.ts"
import type { Fault } from "../Faults.ts"
import type { Readings } from "../Readings.ts"
import type { Answer, Api } from "./answer.ts"
import * as Body from "./body.ts"
import * as BotujApi from "./botujApi.ts"
import * as ChatlingApi from "./chatlingApi.ts"
import * as GptbotsApi from "./gptbotsApi.ts"
import * as OpenCopilotApi from "./opencopilotApi.ts"
import type { Edits } from "./edits.ts"
import type { RequestLog } from "./requestLog.ts"
import * as Schedule from "./schedule.ts"
import * as Truth from "./truth.ts"

/** The connection was closed without an answer, on request. */
export class ConnectionReset extends Schema.TaggedError<ConnectionReset>()("ConnectionReset", {
  code: Schema.Literal("ECONNRESET")
}) {}

/** What the handler stands on. */
export interface Parts {
  readonly corpus: Corpus
  /** Changes of the corpus on request. */
  readonly edits: Readonly<Record<Vendor, Edits>>
  readonly faults: ReadonlyArray<Fault>
  readonly log: RequestLog
  readonly readings: Readings
  readonly seed: number
  readonly token: string
}

type Response = HttpServerResponse.HttpServerResponse

/** Makes the handler, with its counts at zero. */
export const make = (
  parts: Parts
): Effect.Effect<Response, ConnectionReset, HttpServerRequest.HttpServerRequest> => {
  const { corpus, log, readings } = parts
  const apis: Readonly<Record<Vendor, Api>> = {
    opencopilot: OpenCopilotApi.make(corpus.opencopilot, readings),
    chatling: ChatlingApi.make(corpus.chatling, readings),
    botuj: BotujApi.make(corpus.botuj, readings),
    gptbots: GptbotsApi.make(corpus.gptbots, readings)
  }
  const faultsOf = Schedule.make(parts.faults, parts.seed)
  const isOverLimit = rateLimit()

  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const target = targetOf(request.url)
    if (target.path[0] === "emulator") return yield* Truth.respond(corpus, log, target.path, target.query)
    const vendor = vendorOf(target.path)
    if (vendor === undefined) return Body.respond(unknownPath, [])
    const faults = faultsOf(vendor)
    const record = (status: number) =>
      log.add({
        vendor,
        path: target.rawPath,
        query: target.query.toString(),
        status,
        fault: faults.length === 0 ? null : faults.map(({ kind }) => kind).join(",")
      })
    for (const { kind, value } of faults) {
      if (kind === "insert" || kind === "append" || kind === "remove") {
        parts.edits[vendor].add({ kind, place: value ?? 0 })
      }
    }
    const latency = Schedule.valueOf(faults, "latency") ?? 0
    if (latency > 0) yield* Effect.sleep(latency)
    if (Schedule.valueOf(faults, "reset") !== undefined) {
      record(0)
      return yield* new ConnectionReset({ code: "ECONNRESET" })
    }
    const now = yield* Clock.currentTimeMillis
    const api = apis[vendor]
    const replaced = replacement(api, faults, now, parts.token)
    const response =
      replaced ??
      Body.respond(
        request.method !== "GET"
          ? { ...api.failure("badRequest", "Only GET is allowed"), status: 405 }
          : request.headers["authorization"] !== `Bearer ${parts.token}`
            ? api.failure("unauthorized", "Authentication failed.")
            : vendor === "chatling" && isOverLimit(now)
              ? api.failure("rateLimited", "Too many requests")
              : api.handle({ path: target.path, query: target.query, faults }),
        faults
      )
    record(response.status)
    return response
  })
}

// ---------------------------------------------------------------------------------------------------------------
// Where a request goes
// ---------------------------------------------------------------------------------------------------------------

interface Target {
  readonly rawPath: string
  readonly path: ReadonlyArray<string>
  readonly query: URLSearchParams
}

const targetOf = (url: string): Target => {
  const [before = ""] = url.split("#")
  const mark = before.indexOf("?")
  const rawPath = mark === -1 ? before : before.slice(0, mark)
  return {
    rawPath,
    path: rawPath
      .split("/")
      .filter((segment) => segment !== "")
      .map(decoded),
    query: new URLSearchParams(mark === -1 ? "" : before.slice(mark + 1))
  }
}

/** A segment without its percent-encoding; as it is where that is broken, so that nothing is found under it. */
const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const vendorOf = ([first, second]: ReadonlyArray<string>): Vendor | undefined => {
  if (first === "backend") return "opencopilot"
  if (first === "v2" && second === "chatbots") return "chatling"
  if (first === "v1" && second === "api") return "botuj"
  return first === "v1" || (first === "v2" && second === "messages") ? "gptbots" : undefined
}

const unknownPath: Answer = { status: 404, body: { error: "No vendor has this path" } }

// ---------------------------------------------------------------------------------------------------------------
// Chatling's rate limit
// ---------------------------------------------------------------------------------------------------------------

/** Counts requests in fixed minutes of the clock, as "resets at the next minute" reads. */
const rateLimit = () => {
  let minute = -1
  let count = 0
  return (now: number): boolean => {
    const current = Math.floor(now / 60_000)
    if (current !== minute) count = 0
    minute = current
    count += 1
    return count > ChatlingApi.requestsPerMinute
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Faults that replace the answer
// ---------------------------------------------------------------------------------------------------------------

const replacement = (
  api: Api,
  faults: ReadonlyArray<Fault>,
  now: number,
  token: string
): Response | undefined => {
  for (const fault of faults) {
    const response = replacedBy(api, fault, now, token)
    if (response !== undefined) return response
  }
  return undefined
}

const replacedBy = (api: Api, fault: Fault, now: number, token: string): Response | undefined => {
  const limited = (status: number, headers: Readonly<Record<string, string>>): Response =>
    Body.respond({ ...api.failure("rateLimited", "Too many requests"), status, headers }, [])
  switch (fault.kind) {
    case "429":
      return limited(429, fault.value === undefined ? {} : { "retry-after": String(fault.value) })
    case "429-date":
      return limited(429, { "retry-after": httpDate(now + (fault.value ?? 1) * 1000) })
    case "error-in-200":
      return limited(200, {})
    case "500":
      return Body.respond(api.failure("internal", "Something went wrong"), [])
    case "502":
      return Body.html(502, "502 Bad Gateway")
    case "503":
      return Body.respond(api.failure("unavailable", "Down for maintenance"), [])
    case "html":
      return Body.html(200, "Just a moment...")
    case "redirect":
      return Body.redirect
    case "echo-token":
      return Body.respond(
        { ...api.failure("unauthorized", `The token "${token}" is not valid`), status: 401 },
        []
      )
    case "expire":
      return Body.respond(api.failure("unauthorized", "The token has expired"), [])
    default:
      return undefined
  }
}

const httpDate = (millis: number): string => Timestamp.toHttpDate(Timestamp.fromMillis(millis) ?? "")
