/**
 * A simulated vendor: conversations in memory that change over time, served over HTTP with the manners of real
 * servers, and the source that reads it.
 *
 * The source consists of listings over a client, as in a vendor's package, so that everything above the socket is the
 * real code.
 *
 * **Example** (Two conversations, and the messages of one)
 *
 * ```ts
 * import { Source } from "@colloquy/core"
 * import { SimulatedVendor } from "@colloquy/engine"
 * import { Effect, Stream } from "effect"
 *
 * const vendor = SimulatedVendor.make({ order: "newestFirst" })
 * SimulatedVendor.say(vendor, "a", 25)
 * SimulatedVendor.say(vendor, "b", 3)
 *
 * export const program = Stream.runCollect(Source.messages({ conversationId: "a" })).pipe(
 *   Effect.provide(SimulatedVendor.layer(vendor))
 * )
 * ```
 */
export { cut, type Cut, type Manners as ListingManners, type Refusal } from "./simulated/listing.ts"
export { decoder, layer, service, strategyOf } from "./simulated/source.ts"
export {
  editAt,
  insertAt,
  listed,
  make,
  type Manners,
  type Options,
  removeAt,
  type Request,
  type Row,
  rowsOf,
  say,
  type SimulatedVendor
} from "./simulated/vendor.ts"
export { account, fromRow, toMessage, truth, vendor } from "./simulated/wire.ts"
