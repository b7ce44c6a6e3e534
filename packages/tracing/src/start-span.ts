import {
  ProxyTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { Span, SpanContext, Tracer } from '@opentelemetry/api';
import { allowedAttributes } from './span-attributes.ts';
import type { SpanAttributes } from './span-attributes.ts';
import { spanContextOf, traceparentOf } from './trace-parent.ts';
import type { TraceContext } from './trace-parent.ts';

/** A part of a job's way, under way. One that is never ended is never exported. */
export interface TraceSpan extends TraceContext {
  /** W3C trace context under which others join below this span; stored and sent on. */
  readonly traceparent: string;
  /** Of the context that it began below; kept, and sent to nobody. */
  readonly tracestate?: string | undefined;
  /** False where nothing is kept: then attributes are not worth gathering. */
  readonly recording: boolean;
  set(attributes: SpanAttributes): void;
  /** @param type what went wrong, as one of few words: a rule, a status, a class of errors */
  fail(type: string): void;
  /** @param at milliseconds since the epoch, by the clock that gave the start; now unless given */
  end(at?: number): void;
}

export type TraceSpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

export interface SpanStart {
  kind: TraceSpanKind;
  attributes?: SpanAttributes;
  /** Milliseconds since the epoch, of what began before it was known to be told; now unless given. */
  startedAt?: number;
}

const KINDS: Readonly<Record<TraceSpanKind, SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const TRACER_NAME = 'understudy';

/** Of the exporter that is open now; of none where tracing is off. */
function currentTracer(): Tracer {
  return trace.getTracer(TRACER_NAME);
}

/** Whether spans are kept at all: where not, what they would tell need not be gathered. */
export function isTracing(): boolean {
  // Without an exporter everybody is given a stand-in.
  return !(currentTracer() instanceof ProxyTracer);
}

/**
 * Begins a span where a trace enters the broker: the sampler decides whether it is kept, by what the
 * caller's own context says where there is one.
 * @param caller what was received
 * @returns undefined where tracing is off
 */
export function startEntrySpan(
  name: string,
  caller: TraceContext | undefined,
  start: SpanStart,
): TraceSpan | undefined {
  const parent = caller === undefined ? undefined : spanContextOf(caller);
  const span = begin(name, parent, start);
  const context = span.spanContext();
  // Without an exporter the parent is handed back, or nothing.
  const on = trace.isSpanContextValid(context) && context.spanId !== parent?.spanId;
  return on
    ? new RecordedSpan(span, parent === undefined ? undefined : caller?.tracestate)
    : undefined;
}

/**
 * Begins a span below another one, wherever that one runs or ran. It is kept if that one is; else it
 * costs nothing, and what joins below it joins below `parent`.
 */
export function startSpan(name: string, parent: TraceContext, start: SpanStart): TraceSpan {
  const context = spanContextOf(parent);
  if (context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0) {
    return unrecorded(parent);
  }
  const span = begin(name, context, start);
  return span.isRecording() ? new RecordedSpan(span, parent.tracestate) : unrecorded(parent);
}

function begin(name: string, parent: SpanContext | undefined, start: SpanStart): Span {
  const { kind, attributes, startedAt } = start;
  return currentTracer().startSpan(
    name,
    {
      kind: KINDS[kind],
      ...(attributes === undefined ? {} : { attributes: allowedAttributes(attributes) }),
      ...(startedAt === undefined ? {} : { startTime: startedAt }),
    },
    parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
  );
}

/** One object for each span: there are several for each job. */
class RecordedSpan implements TraceSpan {
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly recording: boolean;
  readonly #span: Span;

  constructor(span: Span, tracestate: string | undefined) {
    this.#span = span;
    this.tracestate = tracestate;
    this.traceparent = traceparentOf(span.spanContext());
    this.recording = span.isRecording();
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(allowedAttributes(attributes));
  }

  fail(type: string): void {
    this.#span.setAttribute('error.type', type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(at?: number): void {
    this.#span.end(at);
  }
}

function unrecorded({ traceparent, tracestate }: TraceContext): TraceSpan {
  return { traceparent, tracestate, recording: false, set: ignore, fail: ignore, end: ignore };
}

function ignore(): void {
  // Nothing of this span is kept.
}
