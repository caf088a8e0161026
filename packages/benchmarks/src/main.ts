/**
 * Runs every benchmark and prints its table: `pnpm bench`, or `pnpm bench <name>` for one.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { endpoint } from "./endpoint.ts"

const benchmarks: Readonly<Record<string, Effect.Effect<string>>> = { endpoint }

const names = process.argv.slice(2)
const chosen = Object.entries(benchmarks).filter(([name]) => names.length === 0 || names.includes(name))

NodeRuntime.runMain(
  Effect.forEach(
    chosen,
    ([name, run]) => Effect.flatMap(run, (text) => Console.log(`## ${name}\n\n${text}\n`)),
    {
      discard: true
    }
  )
)
