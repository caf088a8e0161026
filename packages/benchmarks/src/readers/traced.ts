/**
 * Colloquy with a tracer in memory. Fails if fewer spans came than requests were made.
 */
import * as Effect from "effect/Effect"
import { collecting, type Keeps } from "../collectingTracer.ts"
import { reading } from "./colloquy.ts"
import { pageSize, type Read } from "./reader.ts"

export const traced =
  (keeps: Keeps): Read =>
  async (target, see) => {
    const { spans, tracer } = collecting(keeps)
    await Effect.runPromise(Effect.withTracer(reading(target, see), tracer))
    const pages = Number(target.conversationId) / pageSize
    if (spans() < pages) throw new Error(`${spans()} spans for ${pages} pages: the reading was not traced`)
  }
