/**
 * One reader in its own process. It receives a task, reads, and reports the cost. The process stays alive, so that the
 * next round runs compiled code.
 *
 * This module imports nothing of Effect: a reader that compiles schemas must enable that before any schema is made.
 */
import type { Read, Target } from "./readers/reader.ts"

const readers: Readonly<Record<string, () => Promise<{ readonly read: Read }>>> = {
  colloquyJit: () => import("./readers/colloquyJit.ts"),
  colloquyTraced: () => import("./readers/colloquyTraced.ts"),
  colloquyTracedWhole: () => import("./readers/colloquyTracedWhole.ts"),
  colloquy: () => import("./readers/colloquy.ts"),
  effectLoop: () => import("./readers/effectLoop.ts"),
  effectPaginate: () => import("./readers/effectPaginate.ts"),
  undiciLoop: () => import("./readers/undiciLoop.ts"),
  undiciAhead: () => import("./readers/undiciAhead.ts"),
  fetchZod: () => import("./readers/fetchZod.ts"),
  fetchZodAhead: () => import("./readers/fetchZodAhead.ts"),
  gotZod: () => import("./readers/gotZod.ts"),
  octokit: () => import("./readers/octokit.ts")
}

const measure = async (read: Read, target: Target) => {
  const expected = Number(target.conversationId)
  let messages = 0
  let characters = 0
  let heapBytes = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  await read(target, (text) => {
    messages++
    characters += text.length
    // At the last message the walk still holds its whole state.
    if (messages === expected && globalThis.gc !== undefined) {
      globalThis.gc()
      heapBytes = process.memoryUsage().heapUsed
    }
  })
  const millis = performance.now() - start
  const { system, user } = process.cpuUsage(cpu)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  return { messages, characters, millis, cpuMillis: (system + user) / 1000, heapBytes, peakBytes }
}

const load = readers[process.argv[2] ?? ""]
if (load === undefined) throw new Error(`there is no reader "${process.argv[2]}"`)
const { read } = await load()

/** A task is one line: base URL, conversation, concurrency. */
process.on("message", (task) => {
  const [baseUrl = "", conversationId = "", concurrency = "1"] = String(task).split(" ")
  measure(read, { baseUrl, conversationId, concurrency: Number(concurrency) }).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failed: String(error) })
  )
})
process.on("disconnect", () => process.exit())
process.send?.({ ready: true })
