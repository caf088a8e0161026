/**
 * The vendor of `docs/your-own-vendor.md`, as somebody has it who is not in this repository: a file, and what it imports.
 */
import { Vendor } from "@colloquy/core/vendor"
import { type Emulation, EmulatorServer, Faults, FromDefinition } from "@colloquy/emulator"
import { Effect, Layer } from "effect"
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { canary, temporaryFolder } from "./support.ts"

const packages = join(import.meta.dirname, "../..")
const source = join(packages, "examples/src/vendor.ts")

/** Puts the module and its packages into a folder. */
export const settle = (folder: string): void => {
  mkdirSync(join(folder, "node_modules/@colloquy"), { recursive: true })
  symlinkSync(join(packages, "core"), join(folder, "node_modules/@colloquy/core"))
  symlinkSync(join(packages, "core/node_modules/effect"), join(folder, "node_modules/effect"))
  copyFileSync(source, join(folder, "desk.ts"))
}

/** A folder with the module `desk.ts`, that is gone after the test. */
export const folder = Effect.tap(temporaryFolder, (folder) => Effect.sync(() => settle(folder)))

/** Its emulation, by its definition. */
export const emulation: Effect.Effect<Emulation.Emulation, Error> = Effect.gen(function* () {
  const { Desk }: { readonly Desk?: unknown } = yield* Effect.promise(() => import(source))
  if (!Vendor.isVendor(Desk)) return yield* Effect.die("the example is no vendor")
  return yield* Effect.fromResult(FromDefinition.make(Desk))
})

/** An emulator that serves it, too, with these faults. */
export const emulator = (faults = "") =>
  Layer.unwrap(
    Effect.gen(function* () {
      const also = [yield* emulation]
      const parsed = yield* Faults.parse(faults, ["desk"])
      return EmulatorServer.layer({ token: canary, conversations: 6, messages: 130, faults: parsed, also })
    })
  )
