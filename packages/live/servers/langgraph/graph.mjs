/**
 * A graph with messages and a node that adds none: its threads are filled by their state.
 */
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("chat", () => ({ messages: [] }))
  .addEdge(START, "chat")
  .addEdge("chat", END)
  .compile()
