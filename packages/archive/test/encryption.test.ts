/**
 * A Postgres beyond this machine: no password goes to it in the clear unless the URL says so.
 */
import * as Postgres from "@colloquy/archive/Postgres"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { createServer } from "node:net"
import { unopened } from "./databases.ts"

const password = "secret-of-the-url"

const reasonOf = (url: string) =>
  Effect.map(Effect.orDie(unopened(Postgres.layer({ url: Redacted.make(url) }))), ({ reason }) => reason)

/** A port on loopback that counts who comes, and sends everyone away. */
const door = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly count: () => number; readonly close: () => void }>(
    (resume) => {
      let came = 0
      const server = createServer((socket) => {
        came += 1
        socket.destroy()
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ port, count: () => came, close: () => server.close() }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

/** Hosts that lead to loopback, by ways that are not known to. */
const beyond = [
  "0.0.0.0:PORT/db",
  "127.1:PORT/db",
  "2130706433:PORT/db",
  "127.0.0.1.nip.invalid:PORT/db",
  "localhost:PORT/db?host=0.0.0.0",
  "localhost:PORT/db?host=%256cocalhost",
  "localhost:PORT/db?host=localhost&host=0.0.0.0",
  "0.0.0.0:PORT/db?sslmode=prefer",
  "0.0.0.0:PORT/db?sslmode=allow",
  "0.0.0.0:PORT/db?sslmode=require&sslmode=prefer",
  "0.0.0.0:PORT/db?sslmode=disable&sslmode=allow",
  "[::ffff:127.0.0.1]:PORT/db"
]

/** What is asked, and so reaches the door, with TLS or on this machine. */
const asked = [
  "127.0.0.1:PORT/db",
  "localhost:PORT/db",
  "LOCALHOST:PORT/db",
  "%6cocalhost:PORT/db",
  "0.0.0.0:PORT/db?host=127.0.0.1",
  "0.0.0.0:PORT/db?sslmode=require",
  "0.0.0.0:PORT/db?sslmode=verify-ca",
  "0.0.0.0:PORT/db?sslmode=verify-full",
  "0.0.0.0:PORT/db?sslmode=disable",
  "0.0.0.0:PORT/db?sslmode=prefer&sslmode=require"
]

describe("a Postgres that is not on this machine", () => {
  it.effect.each(beyond)("is not asked without TLS: %s", (each) =>
    Effect.gen(function* () {
      const { count, port } = yield* door
      const reason = yield* reasonOf(`postgres://user:${password}@${each.replace("PORT", String(port))}`)
      assert.strictEqual(reason._tag, "Unreachable")
      assert.match(reason.message, /is not on this machine.*add sslmode=require to the URL.*sslmode=disable/)
      assert.notInclude(reason.message, password)
      assert.strictEqual(count(), 0)
    })
  )

  it.live.each(asked)("is asked with TLS, if the URL says so, or on loopback: %s", (each) =>
    Effect.gen(function* () {
      const { count, port } = yield* door
      const reason = yield* reasonOf(`postgres://user:${password}@${each.replace("PORT", String(port))}`)
      assert.notMatch(reason.message, /sslmode/)
      assert.isAbove(count(), 0)
    })
  )

  it.live.each(["/tmp/no-socket-here", "%2Ftmp%2Fno-socket-here"])(
    "is asked on a socket of this machine: %s",
    (folder) =>
      Effect.gen(function* () {
        const url = folder.startsWith("/")
          ? `postgres://user@/db?host=${folder}`
          : `postgres://user@${folder}/db`
        const reason = yield* reasonOf(url)
        assert.strictEqual(reason._tag, "Unreachable")
        assert.notMatch(reason.message, /sslmode/)
      })
  )

  it.effect.each(["postgres://%zz/db", "postgres://h:port/db", "h/db", "postgres://h/db?sslmode=never"])(
    "is not asked by a URL that is none: %s",
    (url) => Effect.map(reasonOf(url), ({ _tag }) => assert.strictEqual(_tag, "Unreachable"))
  )
})
