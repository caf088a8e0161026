/**
 * The four vendors' APIs on one server, and beside them what the emulator tells of itself.
 */
import { type Api, Server } from "@colloquy/engine"
import type { Fault } from "@colloquy/engine/Faults"
import type { RequestLog } from "@colloquy/engine/RequestLog"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { Corpus, Vendor } from "../Corpus.ts"
import type { Readings } from "../Readings.ts"
import * as BotujApi from "./botujApi.ts"
import * as ChatlingApi from "./chatlingApi.ts"
import type { Edits } from "./edits.ts"
import * as GptbotsApi from "./gptbotsApi.ts"
import * as OpenCopilotApi from "./opencopilotApi.ts"
import * as Truth from "./truth.ts"

/** What is emulated. */
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

/** Answers each request, counts at zero. */
export const answer = (parts: Parts): Server.Answering => {
  const { corpus, edits, faults, log, readings, seed, token } = parts
  const site = (vendor: Vendor, api: Api): Server.Site => ({
    vendor,
    api,
    token,
    before: (faults) => change(edits[vendor], faults)
  })
  const sites: Readonly<Record<Vendor, Server.Site>> = {
    opencopilot: site("opencopilot", OpenCopilotApi.make(corpus.opencopilot, readings)),
    chatling: {
      ...site("chatling", ChatlingApi.make(corpus.chatling, readings)),
      isOverLimit: chatlingLimit()
    },
    botuj: site("botuj", BotujApi.make(corpus.botuj, readings)),
    gptbots: site("gptbots", GptbotsApi.make(corpus.gptbots, readings))
  }
  const siteOf = (path: ReadonlyArray<string>) => {
    const vendor = vendorOf(path)
    return vendor === undefined ? undefined : sites[vendor]
  }
  const served = Server.make({ siteOf, faults, log, seed })
  return Effect.gen(function* () {
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const { path, query } = Server.targetOf(url)
    return path[0] === "emulator" ? yield* Truth.respond(corpus, log, path, query) : yield* served
  })
}

const vendorOf = ([first, second]: ReadonlyArray<string>): Vendor | undefined => {
  if (first === "backend") return "opencopilot"
  if (first === "v2" && second === "chatbots") return "chatling"
  if (first === "v1" && second === "api") return "botuj"
  return first === "v1" || (first === "v2" && second === "messages") ? "gptbots" : undefined
}

const change = (edits: Edits, faults: ReadonlyArray<Fault>): void => {
  for (const { kind, value } of faults) {
    if (kind === "insert" || kind === "append" || kind === "remove") edits.add({ kind, place: value ?? 0 })
  }
}

/** Counts requests in fixed minutes of the clock, as "resets at the next minute" reads. */
const chatlingLimit = () => {
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
