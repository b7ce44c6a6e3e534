import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { createLogger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { samplerOf } from './sampler-of.ts';

const LOW = '00000000000000000000000000000001';
const HIGH = 'ffffffff000000000000000000000000';
const KEEPING = 1;

/** Whether a root span is kept, and what the logger heard. */
function decide(
  environment: Record<string, string>,
  traceId: string,
  parentFlags?: number,
): { kept: boolean; logged: string } {
  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  const parent = {
    traceId,
    spanId: 'b7ad6b7169203331',
    traceFlags: parentFlags ?? 0,
    isRemote: true,
  };
  const context =
    parentFlags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const result = samplerOf(environment, logger).shouldSample(
    context,
    traceId,
    'x',
    SpanKind.SERVER,
    {},
    [],
  );
  return {
    kept: result.decision === SamplingDecision.RECORD_AND_SAMPLED,
    logged: lines.join('\n'),
  };
}

test('without a setting the first of a second are kept, but not what the caller does not keep', () => {
  expect(decide({}, HIGH)).toEqual({ kept: true, logged: '' });
  expect(decide({}, HIGH, KEEPING).kept).toBe(true);
  expect(decide({}, HIGH, 0).kept).toBe(false);
});

test.each([
  ['always_on', HIGH, 0, true],
  ['always_off', LOW, KEEPING, false],
  ['traceidratio', LOW, 0, true],
  ['traceidratio', HIGH, KEEPING, false],
  ['parentbased_always_on', HIGH, undefined, true],
  ['parentbased_always_off', LOW, undefined, false],
  ['parentbased_always_off', LOW, KEEPING, true],
  ['parentbased_traceidratio', LOW, undefined, true],
  ['parentbased_traceidratio', HIGH, undefined, false],
  ['parentbased_traceidratio', HIGH, KEEPING, true],
])('%s decides on trace %s with the flags %s of its caller: %s', (name, traceId, flags, kept) => {
  const environment = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.5' };
  expect(decide(environment, traceId, flags)).toEqual({ kept, logged: '' });
});

test('a sampler or a ratio that makes no sense is named in the log with what holds instead', () => {
  const unknown = decide({ OTEL_TRACES_SAMPLER: 'sometimes' }, HIGH);
  expect(unknown.kept).toBe(true);
  expect(unknown.logged).toMatch(/OTEL_TRACES_SAMPLER is .*sometimes.*parentbased_always_on holds/);
  const ratio = decide(
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '12' },
    HIGH,
  );
  expect(ratio.kept).toBe(true);
  expect(ratio.logged).toMatch(/OTEL_TRACES_SAMPLER_ARG is .*12.*: 1 holds/);
});
