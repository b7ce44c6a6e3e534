import { expect, test } from 'vitest';
import { progressLine } from './progress-line.ts';
import { createSpeed } from './speed.ts';

const progress = {
  status: 'in_progress',
  total: 1000,
  done: 250,
  failed: 3,
  cost: 1.234,
  linesPerSecond: 25,
};

test('a batch that runs shows share, rate, time left, failures and cost', () => {
  expect(progressLine(progress, 120)).toBe(
    '██████░░░░░░░░░░░░░░░░░░  25% 250/1000  3 failed  25 lines/s  30 s left  $1.23',
  );
});

test('a narrow terminal gets less, and never more than it is wide', () => {
  for (const columns of [80, 60, 40, 20, 5]) {
    expect(progressLine(progress, columns).length).toBeLessThanOrEqual(columns);
  }
  expect(progressLine(progress, 20)).toBe('25% 250/1000');
});

test('before the lines are counted only the state is known', () => {
  expect(progressLine({ status: 'validating', total: 0, done: 0, failed: 0 }, 80)).toBe(
    'validating …',
  );
});

test('the rate is that of late, and unknown at first', () => {
  const speed = createSpeed();
  speed.note(0, 0);
  expect(speed.perSecond()).toBeUndefined();
  speed.note(100, 10_000);
  expect(speed.perSecond()).toBe(10);
  speed.note(1100, 30_000);
  expect(speed.perSecond()).toBe(50);
});
