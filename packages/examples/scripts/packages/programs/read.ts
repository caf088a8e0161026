/**
 * Reads every message of every vendor from an emulator, over `fetch`, and prints how many each has.
 *
 * Nothing here is of Node, so that Bun and Deno run it, too.
 */
import { Botpress } from "@colloquy/botpress"
import { Botuj } from "@colloquy/botuj"
import { Chatling } from "@colloquy/chatling"
import { Source, type SourceService } from "@colloquy/core"
import { Flowise } from "@colloquy/flowise"
import { Gptbots } from "@colloquy/gptbots"
import { Intercom } from "@colloquy/intercom"
import { LangGraph } from "@colloquy/langgraph"
import { Mastra } from "@colloquy/mastra"
import { Matrix } from "@colloquy/matrix"
import { OpenCopilot } from "@colloquy/opencopilot"
import { Console, Effect, Redacted, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [baseUrl = ""] = process.argv.slice(2)
const options = { baseUrl, token: Redacted.make("emulator-token") }

const sources = Effect.all({
  opencopilot: OpenCopilot.source({ ...options, organizationId: "demo-organization" }),
  chatling: Chatling.source({ ...options, chatbotId: "demo-chatbot" }),
  botuj: Botuj.source(options),
  gptbots: Gptbots.source(options),
  mastra: Mastra.source(options),
  langgraph: LangGraph.source(options),
  matrix: Matrix.source(options),
  flowise: Flowise.source({ ...options, flowId: "demo-flow" }),
  botpress: Botpress.source({ ...options, botId: "demo-bot" }),
  intercom: Intercom.source(options)
})

const count = (source: SourceService) => Stream.runCount(Source.history(source))

sources.pipe(
  Effect.flatMap((each) =>
    Effect.all({
      opencopilot: count(each.opencopilot),
      chatling: count(each.chatling),
      botuj: count(each.botuj),
      gptbots: count(each.gptbots),
      mastra: count(each.mastra),
      langgraph: count(each.langgraph),
      matrix: count(each.matrix),
      flowise: count(each.flowise),
      botpress: count(each.botpress),
      intercom: count(each.intercom)
    })
  ),
  Effect.flatMap((counts) => Console.log(JSON.stringify(counts))),
  Effect.provide(FetchHttpClient.layer),
  Effect.runPromise
)
