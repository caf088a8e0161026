/**
 * Finds free ports on loopback.
 */
import { createServer, type Server } from "node:net"

/** Listens on a free port, and returns it. */
export const listening = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (typeof address === "object" && address !== null) resolve(address.port)
      else reject(new Error("no port"))
    })
  })

/** A port that is free now. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  const port = await listening(server)
  return new Promise((resolve) => server.close(() => resolve(port)))
}
