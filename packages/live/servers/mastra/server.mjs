/**
 * A Mastra server: its own handlers and authentication over storage in memory. It ends when its stdin closes.
 */
import { serve } from "@hono/node-server"
import { Agent } from "@mastra/core/agent"
import { Mastra } from "@mastra/core/mastra"
import { SimpleAuth } from "@mastra/core/server"
import { MastraServer } from "@mastra/hono"
import { LibSQLStore } from "@mastra/libsql"
import { Memory } from "@mastra/memory"
import { Hono } from "hono"

process.stdin.resume().on("end", () => process.exit())

const storage = new LibSQLStore({ id: "memory", url: ":memory:" })
const memory = new Memory({ storage })
// An agent has to name a model; none is ever called.
const live = new Agent({ id: "live", name: "live", instructions: "none", model: "none/none", memory })
const auth = new SimpleAuth({ tokens: { [process.env.TOKEN]: { id: "reader" } } })
const mastra = new Mastra({ agents: { live }, storage, logger: false, server: { auth } })

const app = new Hono()
await new MastraServer({ app, mastra }).init()
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) })
