import { randomHex } from '@understudy/submission';
import { readTraceState, spanContextOf } from '@understudy/tracing';
import type { TraceContext } from '@understudy/tracing';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

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
  return { traceparent: `00-${randomHex(TRACE_ID_BYTES)}-${randomHex(SPAN_ID_BYTES)}-00` };
}
