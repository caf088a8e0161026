/**
 * The paginator of the AWS clients, over a small client of the same make: three attempts at a request, as theirs.
 */
import { createPaginator } from "@smithy/core"
import { Client, Command, type SmithyResolvedConfiguration } from "@smithy/core/client"
import { ended, pageSize, type Row, type Tool } from "./tool.ts"

interface Input {
  nextToken?: string
  maxResults?: number
}
interface Output {
  readonly $metadata: { readonly httpStatusCode: number }
  readonly rows: ReadonlyArray<Row>
  readonly nextToken?: string
}
type Config = SmithyResolvedConfiguration<unknown>

const attempts = 3

/** One request, as a generated client makes it. */
const send = async (url: URL): Promise<Output> => {
  for (let attempt = 1; ; attempt++) {
    // @effect-diagnostics-next-line globalFetch:off -- no Effect here: this stands for a generated client
    const response = await fetch(url)
    if (response.status >= 500 && attempt < attempts) continue
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return { $metadata: { httpStatusCode: response.status }, ...(await response.json()) }
  }
}

class HistoryClient extends Client<unknown, Input, Output, Config> {
  readonly url: string
  constructor(url: string) {
    super({ apiVersion: "1", requestHandler: { handle: async (url) => ({ response: await send(url) }) } })
    this.url = url
  }
}

const listRows = (base: string) =>
  class ListRows extends Command<Input, Output, Config, Input, Output> {
    readonly input: Input
    constructor(input: Input) {
      super()
      this.input = input
    }
    resolveMiddleware(_stack: unknown, { requestHandler }: Config) {
      return async ({ input }: { readonly input: Input }) => {
        const url = new URL(base)
        url.searchParams.set("page", input.nextToken ?? "1")
        url.searchParams.set("page_size", String(input.maxResults))
        const { response } = await requestHandler.handle(url)
        return { output: response, response }
      }
    }
  }

const tool = (usage: string, options: { readonly stopOnSameToken?: boolean }): Tool => ({
  name: "Smithy (AWS) `createPaginator`",
  usage,
  dialect: "tokens",
  read: async (url, see) => {
    const client = new HistoryClient(url)
    const paginate = createPaginator<{ client: HistoryClient; pageSize: number }, Input, Output>(
      HistoryClient,
      listRows(url),
      "nextToken",
      "nextToken",
      "maxResults"
    )
    for await (const { rows } of paginate({ client, pageSize, ...options }, {})) {
      for (const { id } of rows) see(id)
    }
    return ended
  }
})

export const tools: ReadonlyArray<Tool> = [
  tool("tokens", {}),
  tool("tokens, `stopOnSameToken`", { stopOnSameToken: true })
]
