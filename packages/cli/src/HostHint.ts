/**
 * Says which flag named a host that is not known.
 */
import { SourceError, type SourceService, Transport } from "@colloquy/core"
import * as Stream from "effect/Stream"

const withFlag =
  (flag: string) =>
  (error: SourceError): SourceError => {
    const { reason, ...where } = error
    if (reason._tag !== "Transport" || !reason.problem.includes("is not known")) return error
    return new SourceError({
      ...where,
      reason: new Transport({ problem: `${reason.problem}, named by ${flag}` })
    })
  }

/** The source, whose errors name the flag that chose the host; the same source if none did. */
export const naming =
  (flag: string | undefined) =>
  (source: SourceService): SourceService =>
    flag === undefined
      ? source
      : {
          ...source,
          messagePages: (options) => Stream.mapError(source.messagePages(options), withFlag(flag)),
          conversationPages: (options) => Stream.mapError(source.conversationPages(options), withFlag(flag))
        }
