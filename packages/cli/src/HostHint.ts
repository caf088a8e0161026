/**
 * Says which flag or key named a host that is not known.
 */
import { SourceError, type SourceService, Transport } from "@colloquy/core"
import * as Stream from "effect/Stream"

const withPlace =
  (place: string) =>
  (error: SourceError): SourceError => {
    const { reason, ...where } = error
    if (reason._tag !== "Transport" || !reason.problem.includes("is not known")) return error
    return new SourceError({
      ...where,
      reason: new Transport({ problem: `${reason.problem}, named by ${place}` })
    })
  }

/** The source, whose errors name what chose the host; the same source if none did. */
export const naming =
  (place: string | undefined) =>
  (source: SourceService): SourceService =>
    place === undefined
      ? source
      : {
          ...source,
          messagePages: (options) => Stream.mapError(source.messagePages(options), withPlace(place)),
          conversationPages: (options) => Stream.mapError(source.conversationPages(options), withPlace(place))
        }
