/**
 * A process that opens the archive in the file that it is given, writes a conversation, and ends.
 */
import { Archive, Sqlite } from "@colloquy/archive"
import { Effect, Layer } from "effect"
import * as Pages from "./pages.ts"

const [, , filename = "", id = ""] = process.argv

await Effect.runPromise(
  Effect.gen(function* () {
    const archive = yield* Archive
    const reading = yield* archive.reading(Pages.conversation(id), { want: "new" })
    yield* reading?.write(Pages.last([Pages.message(id, "m", 0)])) ?? Effect.die("forgotten")
  }).pipe(Effect.provide(Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename })))))
)
