import { expect, test } from 'vitest';
import { batchProgress, noteLook } from './batch-progress.ts';

const START_S = 1_790_000_000;
const START_MS = START_S * 1000;

function batch(completed: number, failed = 0, status = 'in_progress') {
  return { status, request_counts: { total: 1000, completed, failed }, in_progress_at: START_S };
}

test('without looks the pace is that since the batch began', () => {
  expect(batchProgress(batch(190, 10), [], START_MS + 20_000)).toEqual({
    done: 200,
    total: 1000,
    share: 0.2,
    linesPerSecond: 10,
    leftMs: 80_000,
  });
});

test('the pace of late counts, not that of an hour ago', () => {
  const now = START_MS + 3_600_000;
  const looks = [{ done: 400, atMs: now - 10_000 }];
  expect(batchProgress(batch(500), looks, now)).toMatchObject({
    linesPerSecond: 10,
    leftMs: 50_000,
  });
});

test('a batch that stands still has no end in sight', () => {
  const now = START_MS + 60_000;
  const progress = batchProgress(batch(500), [{ done: 500, atMs: now - 30_000 }], now);
  expect(progress.linesPerSecond).toBe(0);
  expect(progress.leftMs).toBeUndefined();
});

test('a batch that is over, or was not counted yet, has no pace', () => {
  expect(batchProgress(batch(1000, 0, 'completed'), [], START_MS + 60_000)).toEqual({
    done: 1000,
    total: 1000,
    share: 1,
  });
  const uncounted = { status: 'validating', request_counts: { total: 0, completed: 0, failed: 0 } };
  expect(batchProgress(uncounted, [], START_MS)).toEqual({ done: 0, total: 0 });
});

test('looks older than a minute are dropped', () => {
  const looks = [
    { done: 1, atMs: 0 },
    { done: 2, atMs: 50_000 },
  ];
  expect(noteLook(looks, { done: 3, atMs: 70_000 })).toEqual([
    { done: 2, atMs: 50_000 },
    { done: 3, atMs: 70_000 },
  ]);
});

test('a count that shrinks belongs to another batch: looks begin anew', () => {
  expect(noteLook([{ done: 9, atMs: 0 }], { done: 1, atMs: 1000 })).toEqual([
    { done: 1, atMs: 1000 },
  ]);
});
