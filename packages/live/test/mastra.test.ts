/**
 * Mastra, on its own server.
 */
import { Conformance, type LiveServer, type Wanted } from "@colloquy/conformance"
import { Api, Command, Process, servers } from "@colloquy/live"
import { Mastra } from "@colloquy/mastra"
import { DateTime, Effect, Redacted, Schema } from "effect"

const token = "live-token"
const agentId = "live"
const anything = Schema.Unknown

/** Messages are a second apart, the oldest at this time. */
const first = DateTime.makeUnsafe("2026-09-21T14:13:20.000Z")

const connect = Effect.gen(function* () {
  const baseUrl = yield* Process.program(servers.mastra, token, { MASTRA_TELEMETRY_DISABLED: "1" })
  const { post } = Api.make(baseUrl, token)
  const sizes = new Map<string, number>()
  const removed = new Map<string, number>()

  const append = (threadId: string, wanted: ReadonlyArray<Wanted>) => {
    const start = sizes.get(threadId) ?? 0
    sizes.set(threadId, start + wanted.length)
    const written = wanted.map(({ role, text }, index) => ({
      id: `${threadId}-${start + index}`,
      role,
      text
    }))
    const messages = written.map(({ id, role, text }, index) => ({
      id,
      role,
      type: "text",
      threadId,
      resourceId: "reader",
      createdAt: DateTime.formatIso(DateTime.add(first, { seconds: start + index })),
      content: { format: 2, parts: [{ type: "text", text }] }
    }))
    return Effect.as(post(`/api/memory/save-messages?agentId=${agentId}`, { messages }, anything), written)
  }

  const source = ({
    pageSize,
    ...options
  }: {
    readonly pageSize?: number | undefined
    readonly agentId?: string
  }) => Mastra.source({ token: Redacted.make(token), baseUrl, pageSize, ...options })

  const server: LiveServer<Api.Failure | Process.ServerFailed> = {
    source,
    write: (wanted) => {
      // An id with characters that paths do not take as they are.
      const threadId = `thread ${sizes.size + 1}/ü?`
      const thread = { threadId, title: `Thread ${threadId}`, resourceId: "reader", metadata: {} }
      return post(`/api/memory/threads?agentId=${agentId}`, thread, anything).pipe(
        Effect.andThen(append(threadId, wanted)),
        Effect.map((messages) => ({ id: threadId, messages }))
      )
    },
    append,
    remove: (threadId, index) => {
      const before = removed.get(threadId) ?? 0
      removed.set(threadId, before + 1)
      const messageIds = [`${threadId}-${before + index}`]
      return Effect.asVoid(post(`/api/memory/messages/delete?agentId=${agentId}`, { messageIds }, anything))
    },
    unknown: { id: "no-such-thread", gives: "NotFound" },
    refused: Mastra.source({ token: Redacted.make("another-token"), baseUrl })
  }
  const command: Command.Reading = {
    args: ["mastra", "--base-url", baseUrl],
    env: { [Mastra.tokenVariable]: token },
    messageOrder: "oldestFirst"
  }
  return { ...server, command, source }
})

Conformance.live({
  title: servers.mastra.title,
  connect,
  pageSizes: [7, 30, 100],
  more: Command.tests
})
