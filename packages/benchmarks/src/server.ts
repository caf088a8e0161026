/**
 * The benchmarks' server, in its own process. It uses only `node:http` and bodies that are serialised once, so that the
 * server is not what is measured.
 *
 * `/v1/messages` is a GPTBots history, `/latency/<ms>/v1/messages` the same after a delay, `/hostile/…` a listing that
 * misbehaves. The server sends its port to its parent process, and ends with it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { text } from "node:stream/consumers"
import { setTimeout as pause } from "node:timers/promises"
import { type Answer, messages } from "./server/history.ts"
import { serve as hostile } from "./server/hostile.ts"

const notFound: Answer = { status: 404, headers: { "content-length": "0" }, body: Buffer.alloc(0) }

const write = (response: ServerResponse, { body, headers, status }: Answer): void => {
  response.writeHead(status, headers).end(body)
}

/** Slack's client sends a form instead of a query. */
const withForm = async (request: IncomingMessage, url: URL): Promise<URL> => {
  if (request.method === "POST") url.search = await text(request)
  return url
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`)
  if (url.pathname === "/v1/messages") return write(response, messages(url))
  if (url.pathname.startsWith("/hostile/")) {
    return void withForm(request, url).then((url) => write(response, hostile(url)))
  }
  const [, word, millis] = url.pathname.split("/")
  if (word !== "latency") return write(response, notFound)
  const answer = messages(url)
  void pause(Number(millis)).then(() => write(response, answer))
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (address !== null && typeof address === "object") process.send?.({ port: address.port })
})
process.on("disconnect", () => process.exit())
