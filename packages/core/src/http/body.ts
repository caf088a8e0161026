/**
 * Reading a body: bounded, unpacked, as text.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { Policy } from "./RequestPolicy.ts"
import { InvalidResponse, type Reason, Transport } from "../model/SourceError.ts"
import * as JsonText from "./jsonText.ts"

/** How much of a body is taken. */
export type Bounds = Pick<Policy, "maxBodyBytes" | "maxBodyValues">

/**
 * The body as text, refused beyond its bounds: of bytes before and after unpacking, of values before they are made. The
 * headers are given because a response may make them anew each time it is asked.
 *
 * Packed bodies are known by their first bytes, not by the header: `fetch` unpacks and leaves the header as it was,
 * other transports do not unpack, and servers mislabel.
 */
export const text = Effect.fnUntraced(function* (
  response: HttpClientResponse.HttpClientResponse,
  headers: Headers.Headers,
  { maxBodyBytes, maxBodyValues }: Bounds
): Effect.fn.Return<string, Reason> {
  const bytes = yield* read(response, headers, maxBodyBytes)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const body = decoder.decode(isGzip ? yield* unpack(bytes, maxBodyBytes) : bytes)
  if (JsonText.holdsMore(body, maxBodyValues)) return yield* tooManyValues(maxBodyValues)
  return body
})

const decoder = new TextDecoder()

const read = (
  response: HttpClientResponse.HttpClientResponse,
  headers: Headers.Headers,
  maxBytes: number
): Effect.Effect<Uint8Array, Reason> => {
  const announced = Number(headers["content-length"] ?? Number.NaN)
  if (announced > maxBytes) return Effect.fail(tooLarge(maxBytes))
  // An announced length binds the transport, unless it counts packed bytes.
  const bound = announced <= maxBytes && headers["content-encoding"] === undefined
  return bound
    ? response.arrayBuffer.pipe(
        Effect.map((buffer) => new Uint8Array(buffer)),
        Effect.catchIf(isEmpty, () => Effect.succeed(noBytes)),
        Effect.mapError(cutShort)
      )
    : collect(
        response.stream.pipe(
          Stream.catchIf(isEmpty, () => Stream.empty),
          Stream.mapError(cutShort)
        ),
        maxBytes
      )
}

const unpack = (bytes: Uint8Array, maxBytes: number): Effect.Effect<Uint8Array, Reason> =>
  collect(
    Stream.fromReadableStream({
      evaluate: () => new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")),
      onError: () => new Transport({ problem: "the packed body could not be unpacked" })
    }),
    maxBytes
  )

const collect = (
  stream: Stream.Stream<Uint8Array, Reason>,
  maxBytes: number
): Effect.Effect<Uint8Array, Reason> =>
  Effect.map(
    Stream.runFoldEffect(
      stream,
      () => ({ parts: Array<Uint8Array>(), size: 0 }),
      (all, part) => {
        all.parts.push(part)
        all.size += part.length
        return all.size > maxBytes ? Effect.fail(tooLarge(maxBytes)) : Effect.succeed(all)
      }
    ),
    ({ parts, size }) => {
      const whole = new Uint8Array(size)
      let at = 0
      for (const part of parts) {
        whole.set(part, at)
        at += part.length
      }
      return whole
    }
  )

const tooLarge = (maxBytes: number): InvalidResponse =>
  refused(
    `the body is larger than ${maxBytes} bytes; ask for smaller pages or raise RequestPolicy.maxBodyBytes`
  )

const tooManyValues = (maxValues: number): InvalidResponse =>
  refused(
    `the body holds more than ${maxValues} values; ask for smaller pages or raise RequestPolicy.maxBodyValues`
  )

const refused = (problem: string): InvalidResponse =>
  new InvalidResponse({
    kind: "tooLarge",
    problem,
    position: null,
    status: null,
    code: null,
    vendorMessage: null
  })

const noBytes = new Uint8Array(0)

/** An answer that has no body at all, as with status 204. */
const isEmpty = (error: HttpClientError.HttpClientError): boolean => error.reason._tag === "EmptyBodyError"

const cutShort = (_error: HttpClientError.HttpClientError): Reason =>
  new Transport({ problem: "the answer broke off before its end" })
