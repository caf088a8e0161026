/**
 * A proxy to a server that can stop forwarding: it then drops packets, and neither refuses nor closes connections.
 */
import { connect, createServer, type Socket } from "node:net"
import { listening } from "./port.ts"

/** A proxy on loopback. */
export interface Route {
  /** The server's URL through the proxy. */
  readonly url: string
  /** Drops everything from now on, in both directions. New connections are accepted and never answered. */
  readonly swallow: () => void
  /** Drops everything once the client has sent this text; the text itself is not forwarded. */
  readonly swallowAt: (text: string) => void
  /** Closes every connection when the client sends this text for the first time. */
  readonly breakAt: (text: string) => void
  /** Resolves when the first packet was dropped. */
  readonly swallowed: Promise<void>
  readonly close: () => Promise<void>
}

/** Opens a proxy to the server of this URL. */
export const route = async (url: string): Promise<Route> => {
  const { hostname: host, port } = new URL(url)
  const sockets = new Set<Socket>()
  let swallows = false
  let last = ""
  let broken = ""
  let tell: () => void = untold
  const swallowed = new Promise<void>((resolve) => (tell = resolve))
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on("error", () => socket.destroy())
    socket.on("close", () => sockets.delete(socket))
  }
  const breakAll = () => {
    broken = ""
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    keep(client)
    const upstream = connect({ host, port: Number(port) })
    keep(upstream)
    client.on("data", (data) => {
      if (last !== "" && data.includes(last)) swallows = true
      if (broken !== "" && data.includes(broken)) return breakAll()
      if (swallows) tell()
      else upstream.write(data)
    })
    upstream.on("data", (data) => void (swallows || client.write(data)))
    client.on("close", () => upstream.destroy())
    upstream.on("close", () => void (swallows || client.destroy()))
  })
  const here = new URL(url)
  here.port = String(await listening(server))
  return {
    url: here.href,
    swallow: () => void (swallows = true),
    swallowAt: (text) => void (last = text),
    breakAt: (text) => void (broken = text),
    swallowed,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    }
  }
}

const untold = () => {}
