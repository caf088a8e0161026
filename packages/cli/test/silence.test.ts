/**
 * A server of Postgres that has gone silent, and a signal: the command ends, whatever it waits for.
 */
import * as Server from "@colloquy/postgres-server"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { postgres } from "./postgres.ts"
import * as Support from "./support.ts"

const env = Support.tokens
/** Starting and stopping a process takes its time, too. */
const soon = 4000

const routeTo = (url: string) =>
  Effect.acquireRelease(
    Effect.promise(() => Server.route(url)),
    ({ close }) => Effect.promise(close)
  )

const interrupted = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  { swallowed, url }: Server.Route,
  signal: NodeJS.Signals
) {
  let at = 0
  const happened = swallowed.then(() => void (at = performance.now()))
  const result = yield* Support.colloquy([...args, "--archive", url], {
    env,
    signalWhen: { happened, signal }
  })
  assert.strictEqual(result.code, 130, result.stderr)
  assert.match(result.last, /^error: Interrupted: stopped/)
  assert.isBelow(performance.now() - at, soon)
})

const signals: ReadonlyArray<NodeJS.Signals> = ["SIGINT", "SIGTERM"]

describe("a silent server of Postgres", () => {
  it.live(
    "does not keep a command from ending on a signal",
    () =>
      Effect.gen(function* () {
        const url = Redacted.value(yield* (yield* postgres).fresh)
        yield* Support.withEmulator({}, (baseUrl) =>
          Effect.gen(function* () {
            const sync = ["sync", "botuj", "--base-url", baseUrl]
            yield* Support.colloquy([...sync, "--archive", url], { env })
            const cases = [
              { args: sync, text: "INSERT INTO runs" },
              { args: [...sync, "--full"], text: "UPDATE checkpoints" },
              { args: [...sync, "--full"], text: "COMMIT" },
              { args: ["status"], text: "FROM conversations" },
              { args: ["status"], text: "colloquy" },
              { args: ["forget", "--vendor", "botuj", "--user", "u"], text: "DELETE FROM" },
              { args: ["forget", "--vendor", "botuj", "--user", "u"], text: "VACUUM" }
            ]
            for (const [at, { args, text }] of cases.entries()) {
              const route = yield* routeTo(url)
              route.swallowAt(text)
              yield* interrupted(args, route, signals[at % 2] ?? "SIGINT")
            }
          })
        )
      }).pipe(Effect.scoped),
    Duration.toMillis("60 seconds")
  )
})
