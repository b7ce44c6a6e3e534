import type { JobProgress } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { firstProgress } from './first-progress.ts';
import { dueTime, enterBeside, placeJob, unplaceJob } from './place-job.ts';
import { openDispatchScene, requestAt } from './testing/dispatch-scene.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const request = requestAt(NOON);

function queuedSince(since: number, leaveAt?: number): JobProgress {
  const planned = { target: 'a', provider: 'a' };
  const patience = leaveAt === undefined ? {} : { leave_at: leaveAt };
  return { ...firstProgress(request), place: { kind: 'queue', since, planned, ...patience } };
}

test('placing twice is placing once, and unplacing takes it out', async () => {
  const { dispatch } = await openDispatchScene([{ provider: 'a' }]);
  const progress = queuedSince(NOON);
  await placeJob(dispatch, request, progress, 1);
  await placeJob(dispatch, request, progress, 1);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
  await unplaceJob(dispatch, request, progress, 1);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('where a line of a batch enters a queue, its entry names the batch', async () => {
  const { dispatch } = await openDispatchScene([{ provider: 'a' }]);
  const entered: object[] = [];
  const enter: typeof dispatch.queue.enter = async (_provider, entry) => entered.push(entry) > 0;
  const context = { ...dispatch, queue: { ...dispatch.queue, enter } };
  const line = { ...request, batch: { id: 'batch_1', line: 1, custom_id: 'r1' } };
  const { project, id } = request;
  await placeJob(context, request, queuedSince(NOON), 1);
  await placeJob(context, line, queuedSince(NOON), 2);
  await enterBeside(context, line, queuedSince(NOON), 3, 7);
  expect(entered).toEqual([
    { project, id, turn: 1 },
    { project, id, turn: 2, line_of: 'batch_1' },
    { project, id, turn: 3, line_of: 'batch_1', by: 7 },
  ]);
});

function checkAfter(waited: number, draw: number): number {
  return dueTime(request, queuedSince(NOON), NOON + waited, draw) - NOON - waited;
}

test('a placed job is checked after 10 s, then when it has waited ten to a hundred times as long, at most hourly', () => {
  const waits = [0, 10_000, 60_000, 1_000_000, 7_200_000];
  expect(waits.map((waited) => checkAfter(waited, 0))).toEqual([
    10_000, 90_000, 540_000, 3_600_000, 3_600_000,
  ]);
  expect(waits.map((waited) => checkAfter(waited, 1))).toEqual([
    10_000, 990_000, 3_600_000, 3_600_000, 3_600_000,
  ]);
});

test('a job whose patience has run out is checked before that is twice as long ago, at most hourly', () => {
  const impatient = queuedSince(NOON, NOON + 60_000);
  let now = NOON + 60_000;
  const checks = Array.from({ length: 13 }, () => {
    const before = now;
    now = dueTime(request, impatient, now, 1);
    return (now - before) / 1000;
  });
  expect(checks).toEqual([10, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]);
});

test('a job is due at the end of its patience, and never after its deadline', () => {
  expect(dueTime(request, queuedSince(NOON, NOON + 500), NOON)).toBe(NOON + 500);
  // Patience that has run out without a better place must not make it due for ever.
  expect(dueTime(request, queuedSince(NOON, NOON + 500), NOON + 500)).toBe(NOON + 10_500);
  const hasty = { ...request, expires_at: NOON + 100 };
  expect(dueTime(hasty, queuedSince(NOON, NOON + 500), NOON)).toBe(NOON + 100);
});
