/**
 * The server's authentication: one bearer token.
 */
import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth"

export const auth = new Auth().authenticate((request) => {
  if (request.headers.get("authorization") === `Bearer ${process.env.TOKEN}`) return "reader"
  throw new HTTPException(401, { message: "Unauthorized" })
})
