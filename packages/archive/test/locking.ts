/**
 * A process that takes and frees one list again and again, for two seconds. It prints how often it had the list, and how
 * often it met another who had it, too.
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Effect } from "effect"
import { closeSync, openSync, rmSync } from "node:fs"

const [, , filename = ""] = process.argv
const list = { vendor: "chatling", account: "default", listFilter: "{}" }
const inside = `${filename}.inside`
let had = 0
let met = 0

/** Whether nobody else is inside. */
const enter = Effect.try(() => closeSync(openSync(inside, "wx")))

const have = Effect.gen(function* () {
  had += 1
  yield* Effect.catch(enter, () => Effect.sync(() => (met += 1)))
  yield* Effect.sleep(1)
  rmSync(inside, { force: true })
})

await Effect.runPromise(
  Effect.gen(function* () {
    const archive = yield* Archive
    const turn = Effect.ignore(archive.runs.exclusively(list, have))
    const end = performance.now() + 2000
    while (performance.now() < end) yield* turn
  }).pipe(Effect.provide(Archive.over(Sqlite.layer({ filename }))))
)
process.stdout.write(JSON.stringify({ had, met }))
