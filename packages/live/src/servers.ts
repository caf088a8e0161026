/**
 * The registry of real servers.
 */
import { flowise } from "./servers/flowise.ts"
import { langgraph } from "./servers/langgraph.ts"
import { mastra } from "./servers/mastra.ts"
import { matrix } from "./servers/matrix.ts"

/** All servers by name, in display order. A new one is added here. */
export const servers = { mastra, langgraph, matrix, flowise }
