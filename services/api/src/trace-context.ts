import { randomUUID } from 'node:crypto';
import { readTraceState, spanContextOf } from '@understudy/tracing';
import type { TraceContext } from '@understudy/tracing';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The caller's trace (W3C Trace Context); undefined where its `traceparent` is missing or not valid. */
export function callersTrace(headers: Headers): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || spanContextOf({ traceparent }) === undefined) {
    return undefined;
  }
  const state = typeof tracestate === 'string' ? readTraceState(tracestate) : undefined;
  return { traceparent, ...(state === undefined ? {} : { tracestate: state }) };
}

/** The trace that a request belongs to: its caller's, else a new one that nobody keeps. */
export function traceContextOf(
  headers: Headers,
): Pick<TraceContext, 'traceparent'> & { tracestate?: string } {
  const { traceparent, tracestate } = callersTrace(headers) ?? unkeptTrace();
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}

function unkeptTrace(): TraceContext {
  // 122 and 64 random bits, which Node keeps ready for this.
  const [trace, other] = [randomUUID(), randomUUID()];
  return {
    traceparent: `00-${trace.replaceAll('-', '')}-${other.slice(0, 8)}${other.slice(28)}-00`,
  };
}
