/**
 * What an Effect user writes without Colloquy: `Stream.paginate` and a schema, compiled.
 */
import "effect/schema/SchemaJITCompiler/enable"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { pageSize, pageUrl, type Read, type Target } from "./reader.ts"

const Page = Schema.Struct({
  total: Schema.Finite,
  messages: Schema.Array(
    Schema.Struct({
      message_id: Schema.String,
      parent_message_id: Schema.String,
      message_type: Schema.String,
      text: Schema.String,
      create_time: Schema.Finite
    })
  )
})
const decode = HttpClientResponse.schemaBodyJson(Page)

const messages = (target: Target) =>
  Stream.paginate(
    1,
    Effect.fnUntraced(function* (page: number) {
      const response = yield* HttpClient.get(pageUrl(target, page))
      const { messages, total } = yield* decode(response)
      return [messages, page * pageSize < total ? Option.some(page + 1) : Option.none<number>()] as const
    })
  )

export const read: Read = (target, see) =>
  messages(target).pipe(
    Stream.runForEachArray((messages) =>
      Effect.sync(() => {
        for (const { text } of messages) see(text)
      })
    ),
    Effect.provide(NodeHttpClient.layerUndici),
    Effect.runPromise
  )
