/**
 * Helpers for tests of emulations: requests without a vendor's client, and the shapes of rows.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Emulation from "./Emulation.ts"
import * as RequestLog from "./RequestLog.ts"
import * as Rows from "./Rows.ts"
import * as Server from "./Server.ts"

const token = "emulator-token"

/** The credential for emulations in tests. */
export const credential = { token: Redacted.make(token), baseUrl: "http://127.0.0.1" }

/** An `HttpClient` that sends every request to this vendor on the caller's fiber, without faults. */
export const layer = (emulated: Emulation.Emulated): Layer.Layer<HttpClient.HttpClient> =>
  Layer.sync(HttpClient.HttpClient, () =>
    Server.httpClient(Emulation.answering([emulated], { token, faults: [], log: RequestLog.make(), seed: 1 }))
  )

/** A response. */
export interface Got {
  readonly status: number
  readonly headers: Headers.Headers
  readonly body: unknown
}

/** Sends a request without a vendor's client, with `bearer` as the token; null sends none. */
export const get = Effect.fnUntraced(function* (
  path: string,
  bearer: string | null = token
): Effect.fn.Return<Got, HttpClientError.HttpClientError, HttpClient.HttpClient> {
  const client = yield* HttpClient.HttpClient
  const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` }
  const response = yield* client.get(`${credential.baseUrl}${path}`, { headers })
  return { status: response.status, headers: response.headers, body: yield* response.json }
})

/** The indexes of these requests whose answers change under other assumptions. */
export const changedBy =
  <C extends Emulation.Corpus>(
    { start }: Emulation.Emulation<string, C>,
    pathsOf: (corpus: C) => ReadonlyArray<string>
  ) =>
  (
    assumptions: Emulation.Options["assumptions"]
  ): Effect.Effect<Array<number>, HttpClientError.HttpClientError> =>
    Effect.zipWith(answers(start(), pathsOf), answers(start({ assumptions }), pathsOf), (usual, assumed) =>
      assumed.flatMap((answer, index) => (answer === usual[index] ? [] : [index]))
    )

const answers = <C extends Emulation.Corpus>(
  emulated: Emulation.Emulated<C>,
  pathsOf: (corpus: C) => ReadonlyArray<string>
) =>
  Effect.forEach(pathsOf(emulated.corpus), (path) =>
    Effect.map(get(path), ({ body, status }) => JSON.stringify([status, body]))
  ).pipe(Effect.provide(layer(emulated)))

/** The rows of every conversation, in the order of the ids. */
export const everyConversation = <A>(
  ids: Rows.Rows<string>,
  messages: (conversationId: string) => Rows.Rows<A> | undefined
): ReadonlyArray<ReadonlyArray<A>> =>
  Rows.toArray(ids).map((id) => {
    const rows = messages(id)
    return rows === undefined ? [] : Rows.toArray(rows)
  })

/**
 * The shape of a value: its keys in order, and the JSON type of everything in it. `opaque` names fields that may be
 * any object.
 */
export const shape = (value: unknown, opaque?: string): unknown => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.map((each) => shape(each, opaque))
  if (typeof value !== "object") return typeof value
  return Object.entries(value).map(([key, field]) => [
    key,
    key === opaque ? typeof field : shape(field, opaque)
  ])
}

/** The distinct shapes of rows. */
export const shapes = (rows: ReadonlyArray<unknown>, opaque?: string): ReadonlyArray<string> => [
  ...new Set(rows.map((row) => JSON.stringify(shape(row, opaque))))
]
