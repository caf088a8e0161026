/**
 * The processes of a benchmark: one server, and one for each reader. They end with the scope that started them.
 */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/** A child process that ended early, or sent an unexpected message. */
export class ChildFailed extends Schema.TaggedError<ChildFailed>()("ChildFailed", {
  problem: Schema.String
}) {
  override get message(): string {
    return this.problem
  }
}

const stop = (child: ChildProcess): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGKILL")
  })

const start = (
  script: string,
  args: ReadonlyArray<string>,
  execArgv: ReadonlyArray<string>
): Effect.Effect<ChildProcess, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      fork(fileURLToPath(new URL(script, import.meta.url)), [...args], {
        execArgv: [...execArgv],
        stdio: ["ignore", "ignore", "inherit", "ipc"]
      })
    ),
    stop
  )

/** Sends a child a message, and waits for its answer. */
const ask = <A>(
  child: ChildProcess,
  schema: Schema.ConstraintDecoder<A>,
  task?: string
): Effect.Effect<A, ChildFailed> =>
  Effect.callback<unknown, ChildFailed>((resume) => {
    const onMessage = (message: unknown) => done(Effect.succeed(message))
    const onExit = () => done(Effect.fail(new ChildFailed({ problem: "a child process ended" })))
    const done = (result: Effect.Effect<unknown, ChildFailed>) => {
      child.off("message", onMessage)
      child.off("exit", onExit)
      resume(result)
    }
    child.on("message", onMessage)
    child.on("exit", onExit)
    if (task !== undefined) child.send(task)
  }).pipe(
    Effect.flatMap((message) =>
      Effect.mapError(
        Schema.decodeUnknownEffect(schema)(message),
        () => new ChildFailed({ problem: `a child process said ${JSON.stringify(message)}` })
      )
    )
  )

const Listening = Schema.Struct({ port: Schema.Int })
const Ready = Schema.Struct({ ready: Schema.Literal(true) })

/** Starts the server, and returns its base URL. */
export const server: Effect.Effect<string, ChildFailed, Scope.Scope> = start("./server.ts", [], []).pipe(
  Effect.flatMap((child) => ask(child, Listening)),
  Effect.map(({ port }) => `http://127.0.0.1:${port}`)
)

/** The cost of one read. */
export const Reading = Schema.Struct({
  messages: Schema.Int,
  characters: Schema.Int,
  millis: Schema.Finite,
  /** CPU time of the reader's process, user and system. */
  cpuMillis: Schema.Finite,
  /** Heap in use at the last message, after a forced garbage collection; 0 if none could be forced. */
  heapBytes: Schema.Finite,
  /** Peak resident size of the process so far. */
  peakBytes: Schema.Finite
})
export interface Reading extends Schema.Schema.Type<typeof Reading> {}

/** Reads a conversation of so many messages. Fails if another number came. */
export type Reader = (task: {
  readonly baseUrl: string
  readonly messages: number
  readonly concurrency?: number
}) => Effect.Effect<Reading, ChildFailed>

/** Starts a reader. */
export const reader = (
  name: string,
  execArgv: ReadonlyArray<string> = []
): Effect.Effect<Reader, ChildFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const child = yield* start("./client.ts", [name], execArgv)
    yield* ask(child, Ready)
    return ({ baseUrl, concurrency = 1, messages }) =>
      Effect.filterOrFail(
        ask(child, Reading, `${baseUrl} ${messages} ${concurrency}`),
        (reading) => reading.messages === messages,
        (reading) => new ChildFailed({ problem: `${name} read ${reading.messages} of ${messages} messages` })
      )
  })
