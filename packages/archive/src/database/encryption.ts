/**
 * Requires TLS with a verified certificate for a server on another machine, unless the URL says otherwise.
 */
import * as Effect from "effect/Effect"
import { ConnectionError, SqlError } from "effect/sql/SqlError"

/** Refuses a URL with which a password would be sent in the clear. An invalid URL passes: connecting reports it. */
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

/** Modes in which the server has no say: always TLS, or never. */
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
