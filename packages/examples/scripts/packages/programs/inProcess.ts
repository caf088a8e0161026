/**
 * Reads every message of one vendor from an emulator in the same process, without a socket, and prints how many there
 * are.
 */
import { Chatling } from "@colloquy/chatling"
import { Source } from "@colloquy/core"
import { Emulator } from "@colloquy/emulator"
import { Console, Effect, Layer, Redacted, Stream } from "effect"

const chatling = Chatling.layerSource({
  chatbotId: "demo-chatbot",
  token: Redacted.make("emulator-token"),
  baseUrl: "http://127.0.0.1"
}).pipe(Layer.provide(Emulator.layerHttpClient), Layer.provide(Emulator.layer()))

const messages = Stream.unwrap(Effect.map(Source, (source) => Source.history(source)))

Stream.runCount(messages).pipe(
  Effect.flatMap((count) => Console.log(count)),
  Effect.provide(chatling),
  Effect.runPromise
)
