/**
 * The registry of real servers.
 */
import type { Server } from "./Server.ts"
import { langgraph } from "./servers/langgraph.ts"
import { mastra } from "./servers/mastra.ts"

/** All servers, in display order. A new one is added here. */
export const servers: ReadonlyArray<Server> = [mastra, langgraph]
