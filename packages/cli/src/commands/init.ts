/**
 * `colloquy init`: writes a configuration to begin with.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Stream from "effect/Stream"
import * as Configuration from "../Configuration.ts"
import * as File from "../configuration/file.ts"
import * as Schemas from "../configuration/schema.ts"
import * as Template from "../configuration/template.ts"
import { StorageError, UsageError } from "../Failure.ts"
import * as Invocation from "../Invocation.ts"
import * as Output from "../Output.ts"
import * as Vendors from "../Vendors.ts"

const jsonSchema = Effect.map(
  Vendors.All,
  (vendors) => `${JSON.stringify(Schemas.jsonSchema(vendors), null, 2)}\n`
)

/** The path to write to: the flag's, else the variable's, else the user's own. */
const target = Effect.gen(function* () {
  const flag = yield* Configuration.flag
  const path = Option.isSome(flag) ? flag.value : ((yield* File.named) ?? (yield* File.standardPath) ?? "")
  if (path !== "") return path
  return yield* new UsageError({ problem: "there is no home to write to; give --config FILE" })
})

const write = Effect.gen(function* () {
  const path = yield* target
  const fs = yield* FileSystem.FileSystem
  const { dirname, join } = yield* Path.Path
  const folder = dirname(path)
  const exists = new UsageError({ problem: `${path} exists; edit it, or give another path by --config FILE` })
  const failed = (error: PlatformError) =>
    error.reason._tag === "AlreadyExists"
      ? exists
      : new StorageError({ problem: `${path} cannot be written (${error.reason._tag}); check the folder` })
  if (yield* Effect.orElseSucceed(fs.exists(path), () => false)) return yield* exists
  yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), failed)
  yield* Output.write(Stream.succeed(yield* jsonSchema), Option.some(join(folder, Template.schemaFile)))
  yield* Effect.mapError(
    fs.writeFileString(path, Template.text(yield* Vendors.All), { flag: "wx", mode: 0o600 }),
    failed
  )
  const isFound = Option.isNone(yield* Configuration.flag)
  yield* Output.say(
    [
      `${path} is written, with everything that it can say in comments; ${Template.schemaFile} beside it helps editors.`,
      `Take the # away from a source, then run: colloquy sync${isFound ? "" : ` --config ${Invocation.quoted(path)}`} --dry-run`
    ].join("\n")
  )
})

export const init = Command.make(
  "init",
  {
    schema: Flag.Boolean("schema").pipe(
      Flag.withDescription("Only print the JSON Schema of the configuration on stdout"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* ({ schema }) {
    yield* schema ? Output.print((yield* jsonSchema).trimEnd()) : write
  })
).pipe(
  Command.withDescription(
    [
      "Write a configuration to begin with, and its JSON Schema for editors.",
      "",
      "It goes to --config, else to COLLOQUY_CONFIG, else to ~/.config/colloquy/colloquy.toml. An existing file is kept."
    ].join("\n  ")
  ),
  Command.withShortDescription("Write a configuration to begin with"),
  Command.withExamples([
    { command: "colloquy init", description: "Your own configuration, which every command finds" },
    { command: "colloquy init --config colloquy.toml", description: "One for this folder" }
  ])
)
