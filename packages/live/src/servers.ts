/**
 * The registry of real servers.
 */
import { langgraph } from "./servers/langgraph.ts"
import { mastra } from "./servers/mastra.ts"

/** All servers by name, in display order. A new one is added here. */
export const servers = { mastra, langgraph }
