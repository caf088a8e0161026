/**
 * The token that a connection's clients send, and how it is read again when the vendor refuses it.
 */
import type * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as SchemaIssue from "effect/SchemaIssue"
import * as Semaphore from "effect/Semaphore"
import { InvalidRequest, Unauthorized } from "../model/SourceError.ts"
import type { Token, TokenFailure } from "./Connection.ts"
import * as Secret from "./secret.ts"

/** The token at one time. Each token that was read is another value. */
export interface Current {
  readonly text: string
  /** Redacts this token and those before it. */
  readonly secret: Secret.Secret
}

/** The token of a connection. */
export interface TokenState {
  readonly current: () => Current
  /**
   * Reads the token again after the vendor refused `sent`, unless that is no longer the current one. Fails with the
   * refusal if it is the same token, or if no token could be read. Calls at the same time read once.
   */
  readonly renew: (sent: Current, refusal: Unauthorized) => Effect.Effect<void, Unauthorized>
}

/** Tokens that are redacted: the current one and those before it, which slow answers or stored texts may repeat. */
const remembered = 3

/**
 * Reads the token once. Fails with `InvalidRequest` if that fails, takes longer than `within`, or gives a token that is
 * not visible ASCII. `param` names the query parameter with the token, if one holds it.
 */
export const make = Effect.fnUntraced(function* (
  token: Token,
  within: Duration.Input,
  param: string | null
): Effect.fn.Return<TokenState, InvalidRequest> {
  const provider = yield* ConfigProvider.ConfigProvider
  const semaphore = Semaphore.makeUnsafe(1)
  const read = Redacted.isRedacted(token) ? checked(token) : reading(token, within, provider)
  const first = yield* read
  let tokens: ReadonlyArray<string> = [first]
  let current: Current = { text: first, secret: Secret.make(tokens, param) }
  /** The number of readings, and why the latest gave no other token. */
  let readings = 0
  let problem: string | undefined

  const readAgain = Effect.map(Effect.result(read), (result) => {
    readings += 1
    problem = Result.isFailure(result) ? result.failure.problem : undefined
    if (Result.isFailure(result) || result.success === current.text) return
    tokens = [result.success, ...tokens].slice(0, remembered)
    current = { text: result.success, secret: Secret.make(tokens, param) }
  })
  const verdict = (sent: Current, refusal: Unauthorized) =>
    Effect.suspend(() => {
      if (current !== sent) return Effect.void
      return Effect.fail(problem === undefined ? refusal : new Unauthorized({ ...refusal, problem }))
    })
  return {
    current: () => current,
    renew: (sent, refusal) =>
      Effect.suspend(() => {
        const before = readings
        const needsReading = () => current === sent && readings === before
        return semaphore
          .withPermits(1)(Effect.suspend(() => (needsReading() ? readAgain : Effect.void)))
          .pipe(Effect.andThen(verdict(sent, refusal)))
      })
  }
})

const reading = (
  token: Effect.Effect<Redacted.Redacted, TokenFailure>,
  within: Duration.Input,
  provider: ConfigProvider.ConfigProvider
): Effect.Effect<string, InvalidRequest> =>
  token.pipe(
    Effect.mapError((failure) => InvalidRequest.refuse(`the token cannot be read: ${problemOf(failure)}`)),
    Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(tooSlow(within)) }),
    Effect.flatMap(checked),
    // Requests may run where another configuration is provided, or none.
    Effect.provideService(ConfigProvider.ConfigProvider, provider)
  )

/**
 * Accepts visible ASCII only. Any other character breaks the header, and the transport's error would contain the
 * token.
 */
const checked = (token: Redacted.Redacted): Effect.Effect<string, InvalidRequest> => {
  const text = Redacted.value(token)
  return /^[!-~]+$/.test(text)
    ? Effect.succeed(text)
    : Effect.fail(
        InvalidRequest.refuse("the token is empty or contains a character that is not visible ASCII")
      )
}

const tooSlow = (within: Duration.Input): InvalidRequest => {
  const time = Duration.format(Duration.fromInputUnsafe(within))
  return InvalidRequest.refuse(
    `the token cannot be read: none came within ${time}; check what it is read from`
  )
}

/** The failure in words. A value in configuration may be the token, so only its name is told. */
const problemOf = (failure: TokenFailure): string => {
  switch (failure._tag) {
    case "InvalidRequest":
      return failure.problem
    case "ConfigError":
      return `configuration has no valid ${namesOf(failure).join(", ") || "value for it"}; set it`
    case "PlatformError":
      return `${failure.message}; check the path and who may read it`
  }
}

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const namesOf = ({ cause }: Config.ConfigError): ReadonlyArray<string> =>
  cause._tag === "SourceError"
    ? []
    : issuesOf(cause.issue).issues.flatMap(({ path = [] }) => (path.length === 0 ? [] : [path.join("_")]))
