/**
 * A server on another machine is asked with TLS, and its certificate is verified; or without, if the URL says so.
 */
import * as Effect from "effect/Effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"

/** Lets a URL pass under which no password goes out in the clear; one that is none passes, and is told of later. */
export const guarded = (text: string): Effect.Effect<void, SqlError> => {
  if (!URL.canParse(text)) return Effect.void
  const url = new URL(text)
  const host = hostOf(url)
  // Where a parameter comes twice, the last one counts.
  const mode = url.searchParams.getAll("sslmode").at(-1)
  if (isHere(host) || (mode !== undefined && decisive.has(mode))) return Effect.void
  const message = `${host} is not on this machine, and the password would go there unencrypted; add sslmode=require to the URL, or sslmode=disable if its network may read it`
  return Effect.fail(
    new SqlError({
      reason: new ConnectionError({ cause: new Error(message), message, operation: "connect" })
    })
  )
}

/** Modes that leave nothing to the server: TLS, or none as it was asked for. */
const decisive: ReadonlySet<string> = new Set(["require", "verify-ca", "verify-full", "disable"])

/** The host that is connected to; without one it is `localhost`. */
const hostOf = (url: URL): string => {
  const given = url.searchParams.getAll("host").at(-1)
  if (given !== undefined) return given
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1")
  try {
    return decodeURIComponent(host) || "localhost"
  } catch {
    return host
  }
}

/** Loopback, or the folder of a Unix socket. */
const isHere = (host: string): boolean =>
  host.startsWith("/") || /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host)
