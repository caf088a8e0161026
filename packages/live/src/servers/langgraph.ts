/**
 * LangGraph: the development server of its JavaScript packages.
 */
import { fromLockfile, type Server, versionOf } from "../Server.ts"

export const langgraph: Server = {
  name: "langgraph",
  title: `LangGraph API ${versionOf("langgraph", "@langchain/langgraph-api")}`,
  costs: "150 MB of npm packages",
  needs: [],
  install: fromLockfile("langgraph")
}
