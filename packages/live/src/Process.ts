/**
 * A real server as a process of ours: on a free port, waited for, and stopped with its scope.
 */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { folderOf, type Server } from "./Server.ts"

/** A server that did not start, or ended early. */
export class ServerFailed extends Schema.TaggedError<ServerFailed>()("ServerFailed", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

/** How a server is started. */
export interface Options {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** The address that is asked until it gives any answer. */
  readonly url: string
  /** Default one minute. */
  readonly within?: Duration.Input | undefined
}

/** A port of loopback that is free now. */
export const freePort: Effect.Effect<number> = Effect.callback((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** The file with what a server printed when it was last started. */
export const logOf = (name: string): string => join(import.meta.dirname, `../dist/${name}.log`)

/**
 * Starts a server, and waits until it answers. It is stopped, with all that it started, when the scope ends; its stdin
 * closes if this process dies, so a program of ours can end with it. Its output is in {@link logOf}.
 */
export const start = Effect.fn("LiveProcess.start")(function* (
  { name, title }: Pick<Server, "name" | "title">,
  { args, command, cwd, env, url, within = "1 minute" }: Options
) {
  const log = logOf(name)
  mkdirSync(join(log, ".."), { recursive: true })
  writeFileSync(log, "")
  const failed = (what: string) =>
    new ServerFailed({ problem: `${title} ${what}; what it printed is in ${log}` })
  const server = yield* ChildProcess.make(command, args, {
    cwd,
    env,
    extendEnv: true,
    stdin: { stream: "pipe", endOnDone: false },
    forceKillAfter: "5 seconds"
  }).pipe(Effect.mapError(({ message }) => failed(`did not start: ${message}`)))
  yield* Stream.decodeText(server.all).pipe(
    Stream.runForEach((text) => Effect.sync(() => appendFileSync(log, text))),
    Effect.ignore,
    Effect.forkScoped
  )
  const answers = HttpClient.get(url).pipe(
    Effect.retry(Schedule.spaced("100 millis")),
    Effect.provide(FetchHttpClient.layer)
  )
  const ended = Effect.flatMap(server.exitCode, (code) => Effect.fail(failed(`ended with ${code}`)))
  yield* Effect.raceFirst(answers, ended).pipe(
    Effect.mapError((error) => (error._tag === "ServerFailed" ? error : failed(error.message))),
    Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(failed("did not answer in time")) })
  )
}, Effect.provide(NodeServices.layer))

/**
 * Starts the program `server.mjs` of a server's folder, which finds a free port in `PORT` and the one token that it accepts in
 * `TOKEN`. Returns its base URL.
 */
export const program = Effect.fn("LiveProcess.program")(function* (
  server: Pick<Server, "name" | "title">,
  token: string,
  env: Readonly<Record<string, string>> = {}
) {
  const port = yield* freePort
  const url = `http://127.0.0.1:${port}`
  const cwd = folderOf(server.name)
  const own = { ...env, PORT: String(port), TOKEN: token }
  yield* start(server, { command: process.execPath, args: ["server.mjs"], cwd, env: own, url })
  return url
})
