/**
 * Connections: an account's token, from a variable, a file or the configuration, never from a flag; and its limits.
 */
import { Connection, InvalidRequest } from "@colloquy/core"
import type { Vendor } from "@colloquy/core/vendor"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import type { Configuration } from "./Configuration.ts"
import type { Account } from "./configuration/schema.ts"
import * as Secrets from "./configuration/secrets.ts"
import { UsageError } from "./Failure.ts"
import * as Flags from "./Flags.ts"

/** What reading a token needs. */
export type Needs = FileSystem.FileSystem | Path.Path | ChildProcessSpawner

type Facts = Pick<Vendor.Any["definition"], "name" | "tokenVariable">

/** The connection of an account: a flag wins, then a variable, then the configuration. */
export const connection = Effect.fnUntraced(function* (
  vendor: Facts,
  flags: Flags.ReadOptions,
  configuration: Option.Option<Configuration>
): Effect.fn.Return<Connection.Connection, UsageError, Needs> {
  const account = Option.match(configuration, {
    onNone: () => undefined,
    onSome: (each) => each.account(vendor.name, flags.account)
  })
  const baseUrl = Option.getOrUndefined(flags.baseUrl) ?? account?.["base-url"]
  const problem = baseUrl === undefined ? undefined : problemOf(baseUrl)
  if (problem !== undefined) return yield* new UsageError({ problem: `the base URL ${problem}` })
  return {
    token: yield* readAgain(token(vendor, flags.account, configuration)),
    account: flags.account,
    baseUrl,
    ...limitsOf(account)
  }
})

/**
 * Reads a token, and gives the effect that a connection reads it by: the first time it is the token that was just read.
 * Read here, a missing token is an error of usage.
 */
const readAgain = (
  token: Effect.Effect<Redacted.Redacted, UsageError, Needs>
): Effect.Effect<Connection.Token, UsageError, Needs> =>
  Effect.map(Effect.all([token, Effect.context<Needs>()]), ([read, context]) => {
    let first = Option.some(read)
    const again = Effect.mapError(Effect.provideContext(token, context), ({ problem }) =>
      InvalidRequest.refuse(problem)
    )
    return Effect.suspend(() => {
      const given = Option.match(first, { onSome: Effect.succeed, onNone: () => again })
      first = Option.none()
      return given
    })
  })

const limitsOf = (account: Account = {}): Pick<Connection.Connection, "rateLimit" | "policy"> => {
  const { "rate-limit": limit, retries, timeout } = account
  return {
    rateLimit:
      limit === undefined ? undefined : { limit: limit.requests, window: Flags.durationIn(limit.window) },
    policy: {
      ...(retries === undefined ? {} : { retries }),
      ...(timeout === undefined ? {} : { timeout: Flags.durationIn(timeout) })
    }
  }
}

/** What is wrong with a base URL that must not be printed, because it may hold a password; undefined if nothing is. */
const problemOf = (baseUrl: string): string | undefined =>
  Flags.wrapped(baseUrl) ??
  (/\s.*@/s.test(baseUrl) ? "has a space in it, and maybe a password; remove both" : undefined)

const token = Effect.fnUntraced(function* (
  vendor: Facts,
  account: string,
  configuration: Option.Option<Configuration>
): Effect.fn.Return<Redacted.Redacted, UsageError, Needs> {
  const variable = Connection.variableOf(vendor.tokenVariable, account)
  const direct = yield* Secrets.variable(variable)
  if (direct !== "") return Redacted.make(direct)
  const path = yield* Secrets.variable(`${variable}_FILE`)
  if (path !== "") return Redacted.make(yield* Secrets.inFile(path, `named by ${variable}_FILE,`))
  const where = Option.match(configuration, {
    onNone: () => undefined,
    onSome: (each) => each.account(vendor.name, account)?.token
  })
  if (where !== undefined && Option.isSome(configuration)) {
    const what = `the token of ${vendor.name}, account ${account}`
    return yield* Secrets.read({ secret: where, what, folder: configuration.value.folder })
  }
  return yield* new UsageError({
    problem: `no token; set ${variable}, or ${variable}_FILE to a file that holds it`
  })
})
