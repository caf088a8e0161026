/**
 * `pnpm kill [N]`: the kill test at length, 500 deaths over both databases unless told.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Random } from "effect"
import { databases, killing, timed } from "../test/killing.ts"

const kills = Math.ceil(Number(process.argv[2] ?? "500") / 2)
const faults = "latency=3,503@every:19,truncate@every:29,reset@p:0.01"

const over = Effect.fnUntraced(function* (name: "sqlite" | "postgres") {
  const places = yield* databases[name]
  const [tally, millis] = yield* timed(killing(places, { kills, seed: 1000, faults }))
  yield* Console.log(
    `${name}: killed ${tally.kills} times, ${tally.archives} archives equal the truth, ${Math.round(millis / 1000)} s`
  )
}, Effect.scoped)

Effect.andThen(over("sqlite"), over("postgres")).pipe(Random.withSeed("kill"), NodeRuntime.runMain)
