/**
 * LangGraph's emulation, from its definition. What a real server does is tried on a real server.
 */
import { FromDefinition } from "@colloquy/engine"
import { LangGraph } from "./LangGraph.ts"

/** LangGraph's emulation. */
export const emulation = FromDefinition.tried(LangGraph, {
  source: FromDefinition.sourceOf(LangGraph.definition, "LangGraph", {})
})
