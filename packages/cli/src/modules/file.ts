/**
 * Finds the file of a module, and refuses one that somebody else can write: modules are code.
 */
import * as NodeModule from "node:module"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Predicate from "effect/Predicate"
import * as File from "../configuration/file.ts"
import * as Secrets from "../configuration/secrets.ts"
import { UsageError } from "../Failure.ts"

/** A module that was asked for. */
export interface Asked {
  /** A path, such as `./acme.ts`, or a package's name. */
  readonly name: string
  /** What paths are relative to, and where packages are looked for first. */
  readonly folder: string
  /** What names it, for messages: `--vendor-module`. */
  readonly by: string
}

/** The error of a module that cannot be used. */
export const refused = ({ by, name }: Asked, problem: string): UsageError =>
  new UsageError({ problem: `${by} ${name}: ${problem}` })

const isPath = (name: string): boolean => /^(?:\.{0,2}\/|~\/|\.\.?\\|[A-Za-z]:[\\/])/.test(name)

const isPackage = (name: string): boolean => /^(?:@[\w.~-]+\/)?[a-z\d~-][\w.~-]*(?:\/[\w./~-]+)?$/i.test(name)

/** Write rights of everybody. */
const anyoneWrites = 0o002

/** The path of a module's file, without links. Fails if there is none, or if others can write it. */
export const find = Effect.fnUntraced(function* (asked: Asked) {
  const fs = yield* FileSystem.FileSystem
  const { dirname } = yield* Path.Path
  const path = isPath(asked.name)
    ? yield* Secrets.absolute(asked.name, asked.folder)
    : yield* inPackages(asked)
  const told = Effect.mapError(({ reason }: { readonly reason: { readonly _tag: string } }) =>
    refused(
      asked,
      reason._tag === "NotFound" ? `${path} does not exist` : `${path} cannot be read (${reason._tag})`
    )
  )
  const file = yield* told(fs.realPath(path))
  const info = yield* told(fs.stat(file))
  if (info.type !== "File") return yield* refused(asked, `${path} is no file; name the module's file`)
  const danger = File.dangerOf(info, file)
  if (danger !== undefined) return yield* refused(asked, `${file} ${danger}`)
  // Packages that a module imports are looked for beside it.
  const folder = dirname(file)
  const { mode } = yield* told(fs.stat(folder))
  if (process.getuid !== undefined && (mode & anyoneWrites) !== 0) {
    return yield* refused(asked, `anyone can write its folder ${folder}; move it into a folder of yours`)
  }
  return file
})

/** The file of a package: from the folder, else from beside the command. */
const inPackages = (asked: Asked): Effect.Effect<string, UsageError> =>
  Effect.suspend(() => {
    const { folder, name } = asked
    if (!isPackage(name)) {
      return Effect.fail(refused(asked, "is neither a path, such as ./acme.ts, nor the name of a package"))
    }
    const places = [pathToFileURL(`${folder}/colloquy.toml`).href, import.meta.url]
    const found = places.map((place) => resolved(name, place))
    const path = found.find((each) => each.path !== undefined)?.path
    if (path !== undefined) return Effect.succeed(path)
    const hint = /\.[cm]?[jt]s$/.test(name) ? `a file is named with its path: ./${name}` : "install it"
    const none = `no package of that name is installed for ${folder} or beside the command; ${hint}`
    return Effect.fail(refused(asked, found.find((each) => each.problem !== undefined)?.problem ?? none))
  })

/** Node's code for a package that is not there. */
const missing = "ERR_MODULE_NOT_FOUND"

/** The path of what a package exports, as an import of a module at this place would find it. */
const resolved = (
  name: string,
  place: string
): { readonly path?: string; readonly problem?: string | undefined } => {
  const hooks = NodeModule.registerHooks({
    resolve: (specifier, context, next) => next(specifier, { ...context, parentURL: place })
  })
  try {
    return { path: fileURLToPath(import.meta.resolve(name)) }
  } catch (cause) {
    return {
      problem: Predicate.hasProperty(cause, "code") && cause.code === missing ? undefined : String(cause)
    }
  } finally {
    hooks.deregister()
  }
}
