/**
 * Reads a body as text: bounded, and unpacked if it is gzip.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { Policy } from "./RequestPolicy.ts"
import { InvalidResponse, type Reason, Transport } from "../model/SourceError.ts"
import * as JsonText from "./jsonText.ts"

/** The bounds of a body. */
export type Bounds = Pick<Policy, "maxBodyBytes" | "maxBodyValues">

/**
 * The body as text. Fails if it exceeds its bounds: bytes before and after unpacking, values before parsing. The
 * headers are a parameter because a response may build them anew on each access.
 *
 * Packed bodies are recognised by their first bytes, not by the header: `fetch` unpacks and keeps the header, other
 * transports do not unpack, and some servers label bodies wrongly.
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
  // The transport enforces a content length, unless it counts packed bytes.
  const isBounded = announced <= maxBytes && headers["content-encoding"] === undefined
  return isBounded
    ? response.arrayBuffer.pipe(
        Effect.map((buffer) => new Uint8Array(buffer)),
        Effect.catchIf(isEmpty, () => Effect.succeed(noBytes)),
        Effect.mapError(interrupted)
      )
    : collect(
        response.stream.pipe(
          Stream.catchIf(isEmpty, () => Stream.empty),
          Stream.mapError(interrupted)
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
  InvalidResponse.refuse(
    "tooLarge",
    `the body is larger than ${maxBytes} bytes; ask for smaller pages or raise RequestPolicy.maxBodyBytes`
  )

const tooManyValues = (maxValues: number): InvalidResponse =>
  InvalidResponse.refuse(
    "tooLarge",
    `the body holds more than ${maxValues} values; ask for smaller pages or raise RequestPolicy.maxBodyValues`
  )

const noBytes = new Uint8Array(0)

/** An answer without a body, such as status 204. */
const isEmpty = (error: HttpClientError.HttpClientError): boolean => error.reason._tag === "EmptyBodyError"

const interrupted = (_error: HttpClientError.HttpClientError): Reason =>
  new Transport({ problem: "the connection closed before the end of the answer" })
