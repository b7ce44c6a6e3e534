import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { RateLimitedSampler } from './rate-limited-sampler.ts';

test('every trace is kept up to the limit of a second, and what was not used is no credit', () => {
  let now = 0;
  const sampler = new RateLimitedSampler(10, () => now);
  const keptOf = (count: number): number =>
    Array.from({ length: count }, () => sampler.shouldSample()).filter(
      ({ decision }) => decision === SamplingDecision.RECORD_AND_SAMPLED,
    ).length;
  expect(keptOf(25)).toBe(10);
  now += 500;
  expect(keptOf(25)).toBe(5);
  now += 60_000;
  expect(keptOf(25)).toBe(10);
  now += 50;
  expect(keptOf(1)).toBe(0);
  now += 50;
  expect(keptOf(2)).toBe(1);
});
