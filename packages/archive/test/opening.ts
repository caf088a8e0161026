/**
 * A process that opens the archive in the file that it is given, writes a conversation, and ends.
 */
import { Archive } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Effect, Layer } from "effect"
import * as Pages from "./pages.ts"

const [, , filename = "", id = ""] = process.argv

await Effect.runPromise(
  Effect.gen(function* () {
    const archive = yield* Archive
    const session = yield* archive.sessions.open(Pages.conversation(id), { want: "incremental" })
    yield* session?.write(Pages.last([Pages.message(id, "m", 0)])) ?? Effect.die("forgotten")
  }).pipe(Effect.provide(Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename })))))
)
