import { trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { SPAN_ATTRIBUTES } from './span-attributes.ts';
import type { SpanAttributes } from './span-attributes.ts';
import { isTracing, startEntrySpan, startSpan } from './start-span.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const KEPT = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
const UNKEPT = { traceparent: `00-${TRACE}-b7ad6b7169203331-00` };

const exporter = new InMemorySpanExporter();

/** Until it is called, tracing is off. */
function turnOn(): void {
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
}

afterEach(() => {
  trace.disable();
  exporter.reset();
});

test('while tracing is off nothing is made, and what joins below joins where the caller said', () => {
  expect(isTracing()).toBe(false);
  expect(startEntrySpan('POST /v1/jobs', KEPT, { kind: 'server' })).toBeUndefined();
  expect(startEntrySpan('POST /v1/jobs', undefined, { kind: 'server' })).toBeUndefined();
  expect(startSpan('create job', KEPT, { kind: 'producer' })).toMatchObject({
    ...KEPT,
    recording: false,
  });
});

test('a span joins below its parent, with its own times, and is told when it ends', () => {
  turnOn();
  expect(isTracing()).toBe(true);
  const span = startSpan('wait cooling_down', KEPT, {
    kind: 'internal',
    startedAt: 1_800_000_000_000,
    attributes: { 'understudy.wait.reason': 'cooling_down' },
  });
  expect(exporter.getFinishedSpans()).toEqual([]);
  span.end(1_800_000_002_500);
  const [told] = exporter.getFinishedSpans();
  expect(told).toMatchObject({
    name: 'wait cooling_down',
    startTime: [1_800_000_000, 0],
    endTime: [1_800_000_002, 500_000_000],
    attributes: { 'understudy.wait.reason': 'cooling_down' },
    parentSpanContext: { traceId: TRACE, spanId: 'b7ad6b7169203331' },
  });
  expect(span.traceparent).toBe(`00-${TRACE}-${told?.spanContext().spanId}-01`);
});

test('below what is not kept nothing is kept', () => {
  turnOn();
  const entry = startEntrySpan('POST /v1/jobs', UNKEPT, { kind: 'server' });
  expect(entry?.recording).toBe(false);
  expect(entry?.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  const span = startSpan('create job', entry ?? UNKEPT, { kind: 'producer' });
  span.set({ 'understudy.job.id': 'job_1' });
  span.end();
  entry?.end();
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('a failure is one word and no message', () => {
  turnOn();
  const span = startSpan('chat m', KEPT, { kind: 'client' });
  span.fail('rate_limited');
  span.end();
  expect(exporter.getFinishedSpans()[0]).toMatchObject({
    status: { code: 2 },
    attributes: { 'error.type': 'rate_limited' },
  });
  expect(exporter.getFinishedSpans()[0]?.status.message).toBeUndefined();
});

test('whatever is handed to a span, only known attributes come out', () => {
  turnOn();
  const anything = fc.dictionary(
    fc.oneof(fc.constantFrom(...SPAN_ATTRIBUTES), fc.string()),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined)),
  );
  const allowed = new Set<string>(SPAN_ATTRIBUTES);
  fc.assert(
    fc.property(anything, (attributes) => {
      exporter.reset();
      // As a caller whom the compiler did not stop.
      const given = attributes as SpanAttributes;
      const span = startSpan('x', KEPT, { kind: 'internal', attributes: given });
      span.set(given);
      span.end();
      const told = Object.keys(exporter.getFinishedSpans()[0]?.attributes ?? {});
      expect(told.filter((name) => !allowed.has(name))).toEqual([]);
      const known = Object.entries(attributes).filter(
        ([name, value]) => allowed.has(name) && value !== undefined,
      );
      expect(told).toHaveLength(known.length);
    }),
  );
});

test('what tracing systems wrote for each other is told with every span of the trace', () => {
  turnOn();
  const tracestate = 'rojo=00f067aa0ba902b7,congo=t61';
  const entry = startEntrySpan('POST /v1/jobs', { ...KEPT, tracestate }, { kind: 'server' })!;
  const below = startSpan('process a', entry, { kind: 'consumer' });
  const lowest = startSpan('chat m', below, { kind: 'client' });
  expect(lowest.tracestate).toBe(tracestate);
  for (const span of [lowest, below, entry]) span.end();
  const told = exporter
    .getFinishedSpans()
    .map((span) => span.spanContext().traceState?.serialize());
  expect(told).toEqual([tracestate, tracestate, tracestate]);
});

test('where nothing is kept it is handed on all the same', () => {
  const tracestate = 'congo=t61';
  const span = startSpan('process a', { ...UNKEPT, tracestate }, { kind: 'consumer' });
  expect(span).toMatchObject({ ...UNKEPT, tracestate, recording: false });
});
