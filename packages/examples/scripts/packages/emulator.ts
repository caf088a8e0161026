/**
 * The emulator as the installed command serves it, for programs in other processes.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { Effect, Record, Schema } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { commandIn } from "./consumer.ts"
import { must } from "./workspace.ts"

/** How many messages each vendor has. */
export type Counts = Readonly<Record<string, number>>

export interface Running {
  readonly baseUrl: string
  readonly truth: Counts
}

const Truth = Schema.Record(Schema.String, Schema.Array(Schema.Struct({ messages: Schema.Int })))
const decode = Schema.decodeUnknownEffect(Truth)

const truthOf = (baseUrl: string): Promise<Counts> =>
  HttpClient.get(`${baseUrl}/emulator/truth`).pipe(
    Effect.flatMap((response) => response.json),
    Effect.flatMap((json) => decode(json)),
    Effect.map(Record.map((rows) => rows.reduce((sum, { messages }) => sum + messages, 0))),
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )

/** Runs with `colloquy emulate` on a free port, with these flags, and stops it. */
export const withEmulator = async <A>(
  folder: string,
  use: (running: Running) => Promise<A>,
  flags: ReadonlyArray<string> = []
): Promise<A> => {
  const child = spawn(process.execPath, [commandIn(folder), "emulate", "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 180_000
  })
  const exited = once(child, "exit")
  try {
    let baseUrl: string | undefined
    for await (const line of createInterface(child.stdout)) {
      baseUrl = /^listening on (\S+)$/.exec(line)?.[1]
      break
    }
    must(baseUrl !== undefined, "colloquy emulate did not say where it listens")
    return await use({ baseUrl, truth: await truthOf(baseUrl) })
  } finally {
    child.kill()
    await exited
  }
}
