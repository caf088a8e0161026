/**
 * Flowise as one value: a service in its own types, and sources.
 */
import { InvalidRequest } from "@colloquy/core"
import { Vendor } from "@colloquy/core/vendor"
import * as Schema from "effect/Schema"
import * as Codecs from "./Codecs.ts"
import { errors } from "./Errors.ts"
import * as Listings from "./Listings.ts"

/** The options of a source. */
export interface Options {
  /** The flow: a chatflow or an agentflow. */
  readonly flowId: string
  /** Only messages of this kind: `EXTERNAL` of the API and the embedded chat, `INTERNAL` of the editor. Default all. */
  readonly chatType?: string | undefined
}

const options: Vendor.OptionsSchema<Options> = Schema.Struct({
  flowId: Vendor.Id.annotate({
    description: "The flow: a chatflow or an agentflow",
    metavar: "ID",
    examples: ["025ef05e-7c55-4635-b0bc-746e93f1214a"]
  }),
  chatType: Schema.optional(
    Schema.Union([Schema.Literals(["EXTERNAL", "INTERNAL"]), Schema.NonEmptyString]).annotate({
      description:
        "Only messages of the kind EXTERNAL (API and embedded chat), INTERNAL (editor), or another",
      metavar: "KIND"
    })
  )
})

/** Flowise 3.1.4 takes HTML out of what it is asked for, so that these ids cannot be asked for. */
const isAltered = (sessionId: string): boolean => sessionId === "" || /[<>&]/.test(sessionId)

/**
 * Flowise. The API key comes from `FLOWISE_API_KEY`, unless one is given. Give the server's address as `baseUrl`; the default is
 * that of a Flowise on this machine.
 *
 * A session is a conversation. Flowise has no list of them: it is made from all messages of the flow, which come in one answer.
 *
 * Sources: Flowise API, and Flowise 3.1.4.
 *
 * **Example** (The vendor's own pages)
 *
 * ```ts
 * import { Flowise } from "@colloquy/flowise"
 * import { Stream } from "effect"
 *
 * export const pages = Stream.unwrap(
 *   Flowise.useSync((flowise) => flowise.messages.pages({ flowId: "025ef05e", conversationId: "s-1" }))
 * )
 * ```
 */
export const Flowise = Vendor.make({
  name: Codecs.vendor,
  title: "Flowise",
  baseUrl: "http://127.0.0.1:3000",
  tokenVariable: "FLOWISE_API_KEY",
  serverChoosesPageSize: true,
  errors,
  options,
  service: (read) => ({ messages: read(Listings.messages) }),
  messages: {
    codecs: [Codecs.messages],
    order: () => "oldestFirst",
    of: ({ chatType, flowId }, { conversationId }) =>
      isAltered(conversationId)
        ? InvalidRequest.refuse(
            "Flowise alters ids with <, > or &, and gives other sessions; this one cannot be read"
          )
        : Listings.messages.of({ flowId, chatType, conversationId })
  },
  conversations: {
    codecs: [Codecs.conversations],
    filter: ({ chatType = null, flowId }) => ({ flowId, chatType }),
    of: ({ chatType, flowId }) => Listings.conversations.of({ flowId, chatType })
  }
})
