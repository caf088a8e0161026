/**
 * Reads a vendor's listings over its clients: in its own types, and as a source of canonical values.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Page } from "../model/Page.ts"
import { InvalidRequest, SourceError } from "../model/SourceError.ts"
import type { SourceService } from "../source/Source.ts"
import * as Pagination from "../walk/Pagination.ts"
import type { Clients } from "./clients.ts"
import * as Codec from "./Codec.ts"
import * as Listing from "./Listing.ts"
import type { Definition, Reader, SourceOptions } from "./Vendor.ts"

/** Makes a reader of a listing. */
export const reader = <Params, Wire, Canonical, Carried>(
  clients: Clients,
  listing: Listing.Listing<Params, Wire, Canonical, Carried>
): Reader<Params, Wire> => {
  const pages: Reader<Params, Wire>["pages"] = (options) =>
    Listing.pages(clients.of(listing.host), listing, options, options)
  return { pages, items: (options) => Pagination.items(pages(options)) }
}

type Described<Options> = Pick<Definition<string, Options, unknown>, "name" | "options">

/** Checks a vendor's options and ignores other names; fails with `InvalidRequest` for a value that does not fit. */
export const checkOptions = <Options>(
  definition: Described<Options>,
  options: unknown,
  account = "default"
): Effect.Effect<Options, SourceError> => decodeOptions(definition, options, account, "ignore")

/** The same, but a name that is not an option fails too. For options of unknown type, where it is a typing error. */
export const checkAllOptions = <Options>(
  definition: Described<Options>,
  options: unknown,
  account = "default"
): Effect.Effect<Options, SourceError> => decodeOptions(definition, options, account, "error")

const decodeOptions = <Options>(
  { name, options: schema }: Described<Options>,
  options: unknown,
  account: string,
  onExcessProperty: "ignore" | "error"
): Effect.Effect<Options, SourceError> => {
  const refuse = (problem: string) =>
    Effect.fail(
      new SourceError({ vendor: name, account, operation: "connect", reason: InvalidRequest.refuse(problem) })
    )
  const exit = Schema.decodeUnknownExit(schema)(options, { onExcessProperty })
  if (Exit.isFailure(exit)) return refuse(Codec.problemOf(exit))
  // A struct without fields accepts every object.
  const [unknown] = Predicate.isObject(options) ? Object.keys(options) : []
  return onExcessProperty === "error" && unknown !== undefined && Object.keys(schema.fields).length === 0
    ? refuse(`there is no option "${unknown}"`)
    : Effect.succeed(exit.value)
}

/** Makes the source of canonical values. */
export const source = <Options>(
  definition: Definition<string, Options, unknown>,
  clients: Clients,
  options: SourceOptions<Options>
): SourceService => {
  const { conversations, messages, name } = definition
  const { account } = clients
  const { pageSize } = options
  const read = <A>(
    chosen: Listing.Chosen<A> | InvalidRequest,
    operation: string,
    owner: Listing.Owner,
    how: Listing.ReadOptions
  ): Stream.Stream<Page<A>, SourceError> =>
    "_tag" in chosen
      ? Stream.fail(new SourceError({ vendor: name, account, operation, reason: chosen }))
      : chosen.pages(clients.of(chosen.host), owner, { pageSize, ...how })
  return {
    vendor: name,
    account,
    listFilter: JSON.stringify(conversations.filter(options)),
    impersonalExtra: [...new Set(conversations.codecs.flatMap(({ impersonal }) => impersonal))],
    messageOrder: messages.order?.(options) ?? "unknown",
    messagePages: ({ conversation, conversationId, ...call }) =>
      Stream.mapError(
        read(
          messages.of(options, { conversationId, conversation }),
          messages.codecs[0].operation,
          { account, conversationId },
          {
            expectedCount: conversation?.messageCount,
            isListed: conversation !== undefined,
            ...Pagination.readOptions(options, call)
          }
        ),
        (error) => new SourceError({ ...error, conversationId })
      ),
    conversationPages: (call) =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (now) =>
          read(
            conversations.of(options, now),
            conversations.codecs[0].operation,
            { account, conversationId: "" },
            Pagination.readOptions(options, call)
          )
        )
      )
  }
}
