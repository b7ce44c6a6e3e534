import { TraceFlags, createTraceState } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';

/** Where something stands in a trace, in the words of W3C Trace Context. */
export interface TraceContext {
  traceparent: string;
  /** What tracing systems on the way wrote for each other, as `readTraceState` gives it. */
  tracestate?: string | undefined;
}

/** W3C Trace Context: version, trace id, parent id, flags; all in lower-case hexadecimal. */
const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a trace context names; undefined where the `traceparent` is not valid: then there is none. */
export function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const [, traceId, spanId, flags] = FORM.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
}

/** The `traceparent` under which others join below a span. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  const sampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** The trace id in a valid `traceparent`, by which logs and traces find each other. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
