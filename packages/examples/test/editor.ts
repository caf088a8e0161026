/**
 * What an editor shows of a program: the language server of the installed TypeScript, asked over its protocol.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { Effect, Schema } from "effect"

const folder = join(import.meta.dirname, "..")
const compiler = join(fileURLToPath(import.meta.resolve("typescript/package.json")), "../bin/tsc")

/** An answer, or a request or notification of the server. */
const Message = Schema.fromJsonString(
  Schema.Struct({
    id: Schema.optional(Schema.Union([Schema.Int, Schema.String])),
    method: Schema.optional(Schema.String),
    result: Schema.optional(Schema.Unknown)
  })
)
const Hover = Schema.Struct({ contents: Schema.Struct({ value: Schema.String }) })
const Completion = Schema.Struct({ items: Schema.Array(Schema.Struct({ label: Schema.String })) })

const capabilities = { textDocument: { hover: { contentFormat: ["markdown"] } } }

const decode = Schema.decodeSync(Message)

/** An editor with a program open in it. */
export interface Editor {
  /** The text that is shown for the place after `before`. */
  readonly hover: (before: string) => Effect.Effect<string, Schema.SchemaError>
  /** The words that are offered at the place after `before`. */
  readonly completions: (before: string) => Effect.Effect<ReadonlyArray<string>, Schema.SchemaError>
}

/** Opens a program in an editor, until the scope closes. The program is not written to the disk. */
export const open = Effect.fnUntraced(function* (program: string) {
  const server = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [compiler, "--lsp", "--stdio"], {
        cwd: folder,
        stdio: ["pipe", "pipe", "ignore"]
      })
    ),
    // It ends when its input does.
    (server) =>
      Effect.callback<void>((resume) => void server.once("exit", () => resume(Effect.void)).stdin.end())
  )
  const { ask, tell } = talk(server)
  const uri = pathToFileURL(join(folder, "src/open-in-an-editor.ts")).href
  const position = (before: string) => {
    const above = program.slice(0, program.indexOf(before) + before.length).split("\n")
    return { line: above.length - 1, character: above.at(-1)?.length ?? 0 }
  }
  yield* ask("initialize", { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities })
  tell("initialized", {})
  const textDocument = { uri, languageId: "typescript", version: 1, text: program }
  tell("textDocument/didOpen", { textDocument })
  const at = (before: string) => ({ textDocument: { uri }, position: position(before) })
  return {
    hover: (before) =>
      Effect.flatMap(ask("textDocument/hover", at(before)), Schema.decodeUnknownEffect(Hover)).pipe(
        Effect.map(({ contents }) => contents.value)
      ),
    completions: (before) =>
      Effect.flatMap(ask("textDocument/completion", at(before)), Schema.decodeUnknownEffect(Completion)).pipe(
        Effect.map(({ items }) => items.map(({ label }) => label))
      )
  } satisfies Editor
})

/** Requests and notifications, framed as the protocol wants. */
const talk = ({ stdin, stdout }: ChildProcess) => {
  const waiting = new Map<number, (result: unknown) => void>()
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message })
    stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  let buffer = Buffer.alloc(0)
  stdout?.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data])
    for (let text = next(); text !== undefined; text = next()) {
      const { id, method, result } = decode(text)
      if (method !== undefined && id !== undefined) send({ id, result: null })
      else if (typeof id === "number") waiting.get(id)?.(result)
    }
  })
  /** The first whole message in the buffer. */
  const next = (): string | undefined => {
    const start = buffer.indexOf("\r\n\r\n") + 4
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString("latin1", 0, start))?.[1])
    if (start < 4 || buffer.length < start + length) return undefined
    const text = buffer.toString("utf8", start, start + length)
    buffer = buffer.subarray(start + length)
    return text
  }
  const ask = (method: string, params: object): Effect.Effect<unknown> =>
    Effect.callback((resume) => {
      const id = waiting.size + 1
      waiting.set(id, (result) => resume(Effect.succeed(result)))
      send({ id, method, params })
    })
  return { ask, tell: (method: string, params: object) => send({ method, params }) }
}
