/**
 * Connections: an account's token, from a variable, a file or the configuration, never from a flag; and its limits.
 */
import { Connection, InvalidRequest } from "@colloquy/core"
import type { Vendor } from "@colloquy/core/vendor"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type { Configuration } from "./Configuration.ts"
import type { Account } from "./configuration/schema.ts"
import * as Secrets from "./configuration/secrets.ts"
import { UsageError } from "./Failure.ts"
import * as Flags from "./Flags.ts"
import * as Nearest from "./terminal/Nearest.ts"

/** What reading a token needs. */
export type Needs = FileSystem.FileSystem | Path.Path | ChildProcessSpawner

type Facts = Pick<Vendor.Any["definition"], "name" | "tokenVariable">
type Owner = Pick<Vendor.Any, "redacted"> & { readonly definition: Facts }

/** The connection of an account: a flag wins, then a variable, then the configuration. */
export const connection = Effect.fnUntraced(function* (
  { definition: vendor, redacted }: Owner,
  flags: Flags.ReadOptions,
  configuration: Option.Option<Configuration>
): Effect.fn.Return<Connection.Connection, UsageError, Needs> {
  const account = Option.getOrUndefined(configuration)?.account(vendor.name, flags.account)
  const baseUrl = Option.getOrUndefined(flags.baseUrl) ?? account?.["base-url"]
  const problem = baseUrl === undefined ? undefined : problemOf(baseUrl)
  if (problem !== undefined) return yield* new UsageError({ problem: `the base URL ${problem}` })
  return {
    token: yield* readAgain(
      token(vendor, flags.account, configuration),
      (yield* known)(vendor, flags.account),
      redacted
    ),
    account: flags.account,
    baseUrl,
    ...limitsOf(account)
  }
})

/** An account's token as it was last read. Its sources take turns to read it. */
interface Known {
  token: Redacted.Redacted | undefined
  readonly turns: Semaphore.Semaphore
}

/** The tokens of accounts that have several sources in one run, by vendor and account. */
export const Shared = Context.Reference<Map<string, Known> | undefined>("colloquy/SharedTokens", {
  defaultValue: () => undefined
})

const known = Effect.map(Shared, (shared = new Map<string, Known>()) => (vendor: Facts, account: string) => {
  const name = JSON.stringify([vendor.name, account])
  const found = shared.get(name) ?? { token: undefined, turns: Semaphore.makeUnsafe(1) }
  shared.set(name, found)
  return found
})

/**
 * The effect by which a connection reads its token. Run again, it gives the token that another source of the account has
 * read meanwhile, or reads it anew. It has been read once here: a missing token is an error of usage.
 */
const readAgain = Effect.fnUntraced(function* (
  token: Effect.Effect<Redacted.Redacted, UsageError, Needs>,
  known: Known,
  redacted: Owner["redacted"]
): Effect.fn.Return<Connection.Token, UsageError, Needs> {
  const context = yield* Effect.context<Needs>()
  let given: string | undefined
  const next = known.turns.withPermits(1)(
    Effect.suspend(() =>
      known.token !== undefined && Redacted.value(known.token) !== given
        ? Effect.succeed(known.token)
        : Effect.provideContext(token, context)
    )
  )
  known.token = yield* next
  const read: Connection.Token = next.pipe(
    Effect.map((token) => {
      known.token = token
      given = Redacted.value(token)
      return redacted(given)
    }),
    Effect.mapError(({ problem }) => InvalidRequest.refuse(problem))
  )
  return read
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
  const configured = Option.getOrUndefined(configuration)
  const secret = configured?.account(vendor.name, account)?.token
  if (configured !== undefined && secret !== undefined) {
    const what = `the token of ${vendor.name}, account ${account}`
    return yield* Secrets.read({ secret, what, folder: configured.folder })
  }
  const names = configured?.accountNames(vendor.name) ?? []
  return yield* new UsageError({
    problem: `no token; set ${variable}, or ${variable}_FILE to a file that holds it${others(vendor.name, account, names)}`
  })
})

/** The accounts that the configuration has, where this one may be mistyped. */
const others = (vendor: string, account: string, names: ReadonlyArray<string>): string =>
  names.length === 0 || names.includes(account)
    ? ""
    : `; the configuration has accounts.${vendor}.${names.join(`, accounts.${vendor}.`)}${Nearest.question(account, names)}`
