/**
 * LangGraph, on the development server of its JavaScript packages.
 */
import { Conformance, type LiveServer, type Wanted } from "@colloquy/conformance"
import { LangGraph } from "@colloquy/langgraph"
import { Api, Command, Process, servers } from "@colloquy/live"
import { Effect, Redacted, Schema } from "effect"

const token = "live-token"
const Thread = Schema.Struct({ thread_id: Schema.String })
const anything = Schema.Unknown

const types = { user: "human", assistant: "ai" }

const connect = Effect.gen(function* () {
  const baseUrl = yield* Process.program(servers.langgraph, token, { LANGSMITH_TRACING: "false" })
  const { post } = Api.make(baseUrl, token)
  let sent = 0

  /** Changes the messages of a thread's state. */
  const update = (threadId: string, messages: ReadonlyArray<Readonly<Record<string, string>>>) =>
    post(`/threads/${threadId}/state`, { as_node: "chat", values: { messages } }, anything)

  const ids = new Map<string, ReadonlyArray<string>>()

  const append = (threadId: string, wanted: ReadonlyArray<Wanted>) => {
    const written = wanted.map(({ role, text }) => ({ id: `m-${(sent += 1)}`, role, text }))
    const messages = written.map(({ id, role, text }) => ({ id, type: types[role], content: text }))
    ids.set(threadId, [...(ids.get(threadId) ?? []), ...written.map(({ id }) => id)])
    return Effect.as(update(threadId, messages), written)
  }

  const server: LiveServer<Api.Failure | Process.ServerFailed> = {
    // A state comes in one answer, so that a page size is that of the list.
    source: ({ pageSize }) => LangGraph.source({ token: Redacted.make(token), baseUrl, pageSize }),
    write: (wanted) =>
      Effect.gen(function* () {
        const { thread_id: id } = yield* post("/threads", { metadata: { graph_id: "chat" } }, Thread)
        return { id, messages: yield* append(id, wanted) }
      }),
    append,
    remove: (threadId, index) => {
      const own = ids.get(threadId) ?? []
      ids.set(threadId, own.toSpliced(index, 1))
      return Effect.asVoid(update(threadId, [{ type: "remove", id: own[index] ?? "", content: "" }]))
    },
    unknown: { id: "01a213ac-c963-755b-8936-8af1095f7857", gives: "NotFound" },
    refused: LangGraph.source({ token: Redacted.make("another-token"), baseUrl })
  }
  const command: Command.Reading = {
    args: ["langgraph", "--base-url", baseUrl],
    env: { [LangGraph.tokenVariable]: token },
    messageOrder: "oldestFirst"
  }
  return { ...server, command }
})

Conformance.live({ title: servers.langgraph.title, connect, more: Command.tests })
