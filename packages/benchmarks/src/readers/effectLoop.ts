/**
 * Effect's HTTP client in a loop, nothing checked: what Colloquy is built on, at its barest.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { pageSize, pageUrl, parseUnchecked, type Read } from "./reader.ts"

export const read: Read = (target, see) =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
      const response = yield* client.get(pageUrl(target, page))
      const body = parseUnchecked(yield* response.text)
      total = body.total
      for (const { text } of body.messages) see(text)
    }
  }).pipe(Effect.provide(NodeHttpClient.layerUndici), Effect.runPromise)
