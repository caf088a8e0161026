/**
 * Tracers in memory. They keep a thousand spans and then drop them, like a batch that was sent.
 */
import type * as Exit from "effect/Exit"
import * as Tracer from "effect/Tracer"

const batch = 1000

/**
 * What is kept of a span. `records`: what an exporter such as Effect's own for OTLP makes of it at its end. `spans`: the
 * whole span with its exit, which holds the result of the traced effect; here the decoded body of the page.
 */
export type Keeps = "records" | "spans"

/** The record that OTLP sends. */
const record = (span: Tracer.Span, endTime: bigint, exit: Exit.Exit<unknown, unknown>) => ({
  name: span.name,
  kind: span.kind,
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parent._tag === "Some" ? span.parent.value.spanId : undefined,
  startTimeUnixNano: String(span.status.startTime),
  endTimeUnixNano: String(endTime),
  attributes: [...span.attributes].map(([key, value]) => ({ key, value: String(value) })),
  status: exit._tag
})

type SpanOptions = Parameters<Tracer.Tracer["span"]>[0]

class RecordedSpan extends Tracer.NativeSpan {
  readonly keep: (kept: unknown) => void
  constructor(options: SpanOptions, keep: (kept: unknown) => void) {
    super(options)
    this.keep = keep
  }
  override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    super.end(endTime, exit)
    this.keep(record(this, endTime, exit))
  }
}

/** A new tracer, and how many spans it has kept so far. */
export const collecting = (
  keeps: Keeps
): { readonly tracer: Tracer.Tracer; readonly spans: () => number } => {
  let kept: Array<unknown> = []
  let gone = 0
  const keep = (value: unknown): void => {
    if (kept.length === batch) {
      gone += batch
      kept = []
    }
    kept.push(value)
  }
  const tracer = Tracer.make({
    span: (options) => {
      if (keeps === "records") return new RecordedSpan(options, keep)
      const span = new Tracer.NativeSpan(options)
      keep(span)
      return span
    }
  })
  return { tracer, spans: () => gone + kept.length }
}
