/**
 * A server's own API, as tests use it to fill the server.
 */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import type * as Schema from "effect/Schema"

/** What a request may fail with. */
export type Failure = HttpClientError.HttpClientError | Schema.SchemaError

/** Sends JSON, and reads JSON of a schema. */
export interface Api {
  readonly get: <A>(path: string, schema: Schema.ConstraintDecoder<A>) => Effect.Effect<A, Failure>
  readonly post: <A>(
    path: string,
    body: Schema.Json,
    schema: Schema.ConstraintDecoder<A>
  ) => Effect.Effect<A, Failure>
}

/** The API at a base URL, with a bearer token. A status of an error fails. */
export const make = (baseUrl: string, token: string): Api => {
  const send = <A>(request: HttpClientRequest.HttpClientRequest, schema: Schema.ConstraintDecoder<A>) =>
    HttpClient.execute(HttpClientRequest.bearerToken(request, token)).pipe(
      Effect.flatMap(HttpClientResponse.filterStatusOk),
      Effect.flatMap(HttpClientResponse.schemaBodyJson(schema)),
      Effect.provide(FetchHttpClient.layer)
    )
  return {
    get: (path, schema) => send(HttpClientRequest.get(`${baseUrl}${path}`), schema),
    post: (path, body, schema) =>
      send(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(`${baseUrl}${path}`), body), schema)
  }
}
