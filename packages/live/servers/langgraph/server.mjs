/**
 * LangGraph's development server, with one graph. It ends when its stdin closes.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startServer } from "@langchain/langgraph-api/server"

// It keeps its state in files of the working folder, some seconds after each change.
const cwd = mkdtempSync(join(tmpdir(), "langgraph-server-"))
process.on("exit", () => rmSync(cwd, { recursive: true, force: true }))
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit())
process.stdin.resume().on("end", () => process.exit())

await startServer({
  host: "127.0.0.1",
  port: Number(process.env.PORT),
  cwd,
  nWorkers: 1,
  graphs: { chat: `${join(import.meta.dirname, "graph.mjs")}:graph` },
  auth: { path: `${join(import.meta.dirname, "auth.mjs")}:auth`, disable_studio_auth: true }
})
