import { Counter, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { BoundCounter } from './bound-counter.ts';
import { BoundHistogram } from './bound-histogram.ts';
import type { Labels } from './series-tree.ts';

const buckets = [0.0005, 0.005, 1, 2.5, 16_384, 67_108_864];
const labelNames: Label[] = ['model', 'error_type', 'provider'];
type Label = 'model' | 'error_type' | 'provider';

/** In several orders, with and without a label, and values that a text of all labels could confuse. */
const labelSets: Labels<Label>[] = [
  { provider: 'a', model: 'm' },
  { model: 'm', provider: 'a', error_type: 'timeout' },
  { model: 'm', provider: 'b' },
  { model: 'a "quoted"\nname\\', provider: 'b' },
  { model: 'm', provider: '' },
  {},
];
const values = [0, 0.0004, 0.0005, 0.00051, 1, 2, 2.5, 3, 16_384, 1e6, 1e9, 0.1, 0.2];

test('a scrape of bound series is to the byte what prom-client tells of its own', async () => {
  const own = new Registry();
  const bound = new Registry();
  for (const registry of [own, bound]) registry.setDefaultLabels({ service: 'test' });
  const counting = { name: 'counted_total', help: 'Counted.', labelNames };
  const timing = { name: 'timed_seconds', help: 'Timed.', labelNames, buckets };
  const ownCounter = new Counter({ ...counting, registers: [own] });
  const ownHistogram = new Histogram({ ...timing, registers: [own] });
  const boundCounter = new BoundCounter({ ...counting, registers: [bound] });
  const boundHistogram = new BoundHistogram({ ...timing, registers: [bound] });
  expect(await bound.metrics()).toBe(await own.metrics());

  for (const value of values) {
    for (const labels of labelSets) {
      ownCounter.inc(labels, value);
      boundCounter.inc(labels, value);
      ownHistogram.observe(labels, value);
      boundHistogram.observe(labels, value);
    }
    ownCounter.inc(labelSets[0] ?? {});
    boundCounter.inc(labelSets[0] ?? {});
    expect(await bound.metrics()).toBe(await own.metrics());
  }
  expect(await bound.getMetricsAsJSON()).toEqual(await own.getMetricsAsJSON());
});

test('a series without labels is told of before anything is counted', async () => {
  const own = new Registry();
  const bound = new Registry();
  const counting = { name: 'counted_total', help: 'Counted.' };
  const timing = { name: 'timed_seconds', help: 'Timed.', buckets };
  const ownCounter = new Counter({ ...counting, registers: [own] });
  const ownHistogram = new Histogram({ ...timing, registers: [own] });
  const counter = new BoundCounter({ ...counting, registers: [bound] }).series({});
  const histogram = new BoundHistogram({ ...timing, registers: [bound] }).series({});
  expect(await bound.metrics()).toBe(await own.metrics());
  for (const value of values) {
    ownCounter.inc(value);
    counter.inc(value);
    ownHistogram.observe(value);
    histogram.observe(value);
  }
  expect(await bound.metrics()).toBe(await own.metrics());
});

test('what is no count and no measure is refused, and leaves the series as they were', async () => {
  const registry = new Registry();
  const registers = [registry];
  const counter = new BoundCounter({ name: 'c', help: 'c', labelNames, registers });
  const histogram = new BoundHistogram({ name: 'h', help: 'h', labelNames, buckets, registers });
  counter.inc({ model: 'm' });
  histogram.observe({ model: 'm' }, 1);
  const before = await registry.metrics();
  for (const value of [-1, Number.NaN]) {
    expect(() => counter.inc({ model: 'm' }, value)).toThrow(TypeError);
  }
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => histogram.observe({ model: 'm' }, value)).toThrow(TypeError);
  }
  expect(await registry.metrics()).toBe(before);
});
