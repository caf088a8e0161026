/**
 * Effect's own `Stream.paginate`, the two ways that people write its end, and the two places where they retry.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ended, pageSize, type Tool } from "./tool.ts"

const Page = Schema.Struct({
  rows: Schema.Array(Schema.Struct({ id: Schema.String, text: Schema.String }))
})
const decode = HttpClientResponse.schemaBodyJson(Page)

const backoff = Schedule.exponential("50 millis").pipe(Schedule.upTo({ times: 4 }))

const rows = (client: HttpClient.HttpClient, url: string, isLast: (rows: number) => boolean) =>
  Stream.paginate(
    1,
    Effect.fnUntraced(function* (page: number) {
      const response = yield* client.get(url, { urlParams: { page, page_size: pageSize } })
      const { rows } = yield* decode(response)
      return [rows, isLast(rows.length) ? Option.none<number>() : Option.some(page + 1)] as const
    })
  )

const untilShort: Tool = {
  name: "Effect 4 `Stream.paginate`",
  usage: "page numbers, until a short page; the client retries requests",
  dialect: "numbers",
  read: (url, see) =>
    Effect.gen(function* () {
      const client = (yield* HttpClient.HttpClient).pipe(
        HttpClient.filterStatusOk,
        HttpClient.retryTransient({ schedule: backoff })
      )
      yield* rows(client, url, (count) => count < pageSize).pipe(
        Stream.runForEach(({ id }) => Effect.sync(() => see(id)))
      )
      return ended
    }).pipe(Effect.provide(NodeHttpClient.layerUndici), Effect.runPromise)
}

const untilEmpty: Tool = {
  name: "Effect 4 `Stream.paginate`",
  usage: "page numbers, until an empty page; `Stream.retry`",
  dialect: "numbers",
  read: (url, see) =>
    Effect.gen(function* () {
      const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
      yield* rows(client, url, (count) => count === 0).pipe(
        Stream.retry(backoff),
        Stream.runForEach(({ id }) => Effect.sync(() => see(id)))
      )
      return ended
    }).pipe(Effect.provide(NodeHttpClient.layerUndici), Effect.runPromise)
}

export const tools: ReadonlyArray<Tool> = [untilShort, untilEmpty]
