import { expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { figureOf, type Figure } from './part.ts';
import { isMissed, summary, table } from './report.ts';

const figure: Figure = {
  name: 'jobs_per_second',
  unit: 'jobs/s',
  broker: [100, 300, 150],
  yardstick: [200, 300, 200],
  goal: { of: 'ratio', atLeast: 0.8 },
};

function runOf(...figures: Figure[]) {
  const machine = {
    cpu: 'a machine',
    cores: 2,
    memoryBytes: 1e9,
    node: 'v24',
    load: 1,
    calibrationMs: { fastest: 1, slowest: 2 },
    warnings: ['the machine is busy'],
  };
  return {
    startedAt: '2026-11-22T00:00:00Z',
    options: readOptions([]),
    machine,
    warnings: { idle: ['the machine is unsteady'] },
    failures: { batch: 'Error: a line is missing' },
    parts: { throughput: { figures, details: { some: 1 } } },
  };
}

test('ratios are taken within a round, then their median', () => {
  const { ratios, ratio_spreads: spreads } = summary(runOf(figure));
  expect(ratios).toEqual({ jobs_per_second: 0.75 });
  expect(spreads['jobs_per_second']).toMatchObject({
    median: 0.75,
    least: 0.5,
    most: 1,
    rounds: 3,
  });
});

test('a ratio that a part took itself stands instead of broker over yardstick', () => {
  expect(summary(runOf({ ...figure, ratio: [0.9] })).ratios).toEqual({ jobs_per_second: 0.9 });
});

test('a figure of one contender has no ratio, and misses no goal of one', () => {
  const { yardstick: _, ...alone } = figure;
  expect(summary(runOf(alone))).toMatchObject({ ratios: {}, missed: [] });
  expect(isMissed({ ...alone, goal: { of: 'broker', atMost: 149 } })).toBe(true);
  expect(isMissed({ ...alone, goal: { of: 'broker', atMost: 150 } })).toBe(false);
});

test('a goal that the median misses is told in the results and in the table', () => {
  expect(summary(runOf(figure)).missed).toEqual(['jobs_per_second']);
  expect(table(runOf(figure)).join('\n')).toMatch(
    /^jobs_per_second +jobs\/s +200 +150 +0.75 +0.50–1.00 +3 +≥ 0.8 +missed$/m,
  );
});

test('the table tells notes and what speaks against the figures', () => {
  const text = table(runOf({ ...figure, note: 'scaled down' })).join('\n');
  expect(text).toContain('jobs_per_second: scaled down');
  expect(text).toContain('WARNING, at the start: the machine is busy');
  expect(text).toContain('WARNING, during idle: the machine is unsteady');
  expect(text).toContain('FAILED, batch: Error: a line is missing');
});

test('parts that were left out are told', () => {
  const run = { ...runOf(figure), options: readOptions(['--quick']) };
  expect(table(run).join('\n')).toContain('left out: priority, waiting, outage, depth');
});

test('a figure takes one value from each round of each contender', () => {
  const rounds = { broker: [{ ms: 1 }, { ms: 3 }] };
  expect(figureOf(rounds, 'wait', 'ms', ({ ms }) => ms * 2)).toEqual({
    name: 'wait',
    unit: 'ms',
    broker: [2, 6],
  });
});
