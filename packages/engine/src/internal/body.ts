/**
 * Converts an answer to a response, including the faults of the transport.
 */
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Answer } from "../Api.ts"
import { type Fault, valueOf } from "../Faults.ts"

/** The number of pieces of a slow body. */
const pieces = 8

/** A fault ended the body early. */
class CutShort extends Schema.TaggedError<CutShort>()("CutShort", {}) {}

const encoder = new TextEncoder()

const page = (title: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`

/** A web page in place of JSON. */
export const html = (status: number, title: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.uint8Array(encoder.encode(page(title)), { status, contentType: "text/html" })

/** A redirect to another origin, which must not get the token. */
export const redirect: HttpServerResponse.HttpServerResponse = HttpServerResponse.empty({
  status: 302,
  headers: { location: "http://127.0.0.1:9/" }
})

/** The response of an answer. */
export const respond = (
  answer: Answer,
  faults: ReadonlyArray<Fault>
): HttpServerResponse.HttpServerResponse => {
  const has = (kind: Fault["kind"]) => valueOf(faults, kind) !== undefined
  const json = encoder.encode(JSON.stringify(answer.body))
  const whole = has("truncate") ? json.subarray(0, Math.floor(json.length / 2)) : json
  const packed = has("gzip") || has("gzip-unlabelled")
  const bytes = packed ? new Uint8Array(gzipSync(whole)) : whole
  const options = {
    status: answer.status,
    headers: { ...answer.headers, ...(has("gzip") ? { "content-encoding": "gzip" } : {}) },
    contentType: "application/json"
  }
  if (has("cut")) {
    return HttpServerResponse.stream(cut(bytes), { ...options, contentLength: bytes.length })
  }
  const pause = valueOf(faults, "slow")
  if (pause !== undefined) {
    return HttpServerResponse.stream(slowly(bytes, pause), { ...options, contentLength: bytes.length })
  }
  return HttpServerResponse.uint8Array(bytes, options)
}

const cut = (bytes: Uint8Array): Stream.Stream<Uint8Array, CutShort> =>
  Stream.concat(Stream.succeed(bytes.subarray(0, Math.floor(bytes.length / 2))), Stream.fail(new CutShort()))

const slowly = (bytes: Uint8Array, pause: number): Stream.Stream<Uint8Array> => {
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size)
  )
  return Stream.fromArray(parts).pipe(
    Stream.rechunk(1),
    Stream.mapEffect((part) => Effect.as(Effect.sleep(pause), part))
  )
}
