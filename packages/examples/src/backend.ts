/**
 * Transcripts in a backend: a service of the application that depends on any `Source` and any `Archive`, and translates
 * their failures for its callers.
 *
 * `CHATLING_API_KEY=… npx -y pnpm@12 node packages/examples/src/backend.ts CHATBOT CONVERSATION [BASE_URL]`
 *
 * Without an account: run `npx -y pnpm@12 colloquy emulate` beside it, and here
 * `CHATLING_API_KEY=emulator-token npx -y pnpm@12 node packages/examples/src/backend.ts demo-chatbot 4749997 http://127.0.0.1:8787`
 */
import { Archive, type ArchiveError, unlisted } from "@colloquy/archive"
import * as Sqlite from "@colloquy/archive/Sqlite"
import { Chatling } from "@colloquy/chatling"
import { type Message, Source, type SourceError } from "@colloquy/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Context, Effect, Layer, Schema, Stream } from "effect"
import { FetchHttpClient } from "effect/http"

const [chatbotId = "", conversationId = "", baseUrl] = process.argv.slice(2)

// The service.

class NoSuchConversation extends Schema.TaggedError<NoSuchConversation>()("NoSuchConversation", {
  conversationId: Schema.String
}) {}

interface Transcript {
  readonly messages: ReadonlyArray<Message>
  /** Whether the vendor could not be reached, so that new messages may be missing. */
  readonly stale: boolean
}

class Transcripts extends Context.Service<
  Transcripts,
  {
    readonly get: (
      id: string
    ) => Effect.Effect<Transcript, NoSuchConversation | SourceError | ArchiveError.ArchiveError>
  }
>()("@colloquy/examples/Transcripts") {
  static readonly make = Effect.gen(function* () {
    const archive = yield* Archive
    const source = yield* Source

    const refresh = Effect.fn("Transcripts.refresh")(function* (id: string) {
      const session = yield* archive.sessions.open(unlisted(source.vendor, source.account, id), {
        want: "incremental"
      })
      if (session === undefined) return yield* new NoSuchConversation({ conversationId: id })
      yield* Stream.run(
        source.messagePages({
          conversationId: id,
          from: session.from,
          verify: session.kind === "verified",
          undecodable: "keep"
        }),
        Archive.sink(session)
      )
    })

    const get = Effect.fn("Transcripts.get")(function* (id: string) {
      const stale = yield* refresh(id).pipe(
        Effect.as(false),
        Effect.catchReasons("SourceError", {
          NotFound: () => new NoSuchConversation({ conversationId: id }),
          // Old messages are better than none.
          Unavailable: () => Effect.succeed(true),
          Timeout: () => Effect.succeed(true),
          Transport: () => Effect.succeed(true),
          RateLimited: () => Effect.succeed(true)
        }),
        // Another process reads the same conversation, and stores what is new.
        Effect.catchReason("ArchiveError", "Conflict", () => Effect.succeed(false))
      )
      const { account, vendor } = source
      const messages = yield* Stream.runCollect(archive.messages({ vendor, account, conversationId: id }))
      return { messages, stale }
    })

    return Transcripts.of({ get })
  })

  static readonly layer = Layer.effect(Transcripts, Transcripts.make)
}

// A caller: translates each failure to what a client of the backend should see.

interface Answer {
  readonly status: number
  readonly body: string
}

const answer = (id: string): Effect.Effect<Answer, never, Transcripts> =>
  Transcripts.use((transcripts) => transcripts.get(id)).pipe(
    Effect.map(({ messages, stale }) => ({
      status: 200,
      body: `${messages.length} messages${stale ? ", perhaps not the latest" : ""}`
    })),
    // From here on the error channel has the reasons themselves, of both packages.
    Effect.unwrapReason("SourceError"),
    Effect.unwrapReason("ArchiveError"),
    Effect.catchTags({
      NoSuchConversation: ({ conversationId }) =>
        Effect.succeed({ status: 404, body: `no conversation ${conversationId}` }),
      QuotaExhausted: () => Effect.succeed({ status: 503, body: "the vendor's plan is used up" }),
      Busy: () => Effect.succeed({ status: 503, body: "try again later" })
    }),
    // All others concern the operators: a refused token, a full disk, an undocumented answer.
    Effect.catch((error) =>
      Effect.as(Console.error(error.message), { status: 500, body: "something is wrong here" })
    )
  )

const program = Effect.forEach([conversationId, "no-such-conversation"], (id) =>
  Effect.flatMap(answer(id), ({ body, status }) => Console.log(`${status} ${body}`))
)

// The edge: this vendor, this database.
const archive = Archive.layer.pipe(Layer.provide(Sqlite.layer({ filename: ":memory:" })))
const source = Chatling.layerSource({ chatbotId, baseUrl }).pipe(Layer.provide(FetchHttpClient.layer))

program.pipe(Effect.provide(Transcripts.layer.pipe(Layer.provide([archive, source]))), NodeRuntime.runMain)
