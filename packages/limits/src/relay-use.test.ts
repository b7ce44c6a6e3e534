import type { OutboxEntry } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { holdersOf } from './caller.ts';
import { createLimits } from './create-limits.ts';
import { relayUse } from './relay-use.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const HOLDERS = holdersOf(
  { project: 'acme', key: 'key_1', keyLimits: { jobs_waiting: 2 } },
  { acme: {} },
);

function openScene() {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const limits = createLimits(redis, prefix, (name) => `${prefix}:{p:${name}}:bytes`);
  return {
    limits,
    relay: (...entries: OutboxEntry[]) =>
      relayUse(redis, prefix, new Map([[7, entries]]), () => false),
    spent: async (now = NOON) =>
      (await limits.use('acme', HOLDERS, now)).map(({ spentToday }) => spentToday),
    waiting: async () => (await limits.use('acme', HOLDERS, NOON))[1]?.jobsWaiting,
  };
}

function entry(sequence: number, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    v: 1,
    entryId: `${NOON}-${sequence}`,
    project: 'acme',
    id: `job_${sequence}`,
    version: 2,
    status: 'completed',
    failedAttempts: [],
    tally: { attempts: [] },
    key: 'key_1',
    ...more,
  };
}

test('what a job has cost is counted once, however often its end is relayed', async () => {
  const { relay, spent } = openScene();
  const first = [entry(0, { spent: 0.1 }), entry(1, { spent: 0.2 })];
  await relay(...first);
  await relay(...first);
  await relay(...first, entry(10, { spent: 1e-7 }));
  await relay(entry(9, { spent: 5 }));
  expect(await spent()).toEqual([0.3000001, 0.3000001]);
});

test('jobs of other keys, and of none, count for the project alone', async () => {
  const { relay, spent } = openScene();
  const { key: _none, ...keyless } = entry(3, { spent: 0.5 });
  await relay(entry(1, { spent: 1 }), entry(2, { spent: 2, key: 'key_2' }), keyless);
  expect(await spent()).toEqual([3.5, 1]);
});

test('money counts for the UTC day on which the job ended', async () => {
  const { relay, spent } = openScene();
  const midnight = NOON + 43_200_000;
  await relay(
    entry(1, { spent: 1, entryId: `${midnight - 1}-0` }),
    entry(2, { spent: 2, entryId: `${midnight}-0` }),
  );
  expect(await spent(midnight - 1)).toEqual([1, 1]);
  expect(await spent(midnight)).toEqual([2, 2]);
});

test('a place of a key goes from admission to the end of the job, told twice or not', async () => {
  const { limits, relay, waiting } = openScene();
  await limits.admitJobs('acme', HOLDERS, ['job_1', 'job_2'], NOON);
  const begun = entry(1, { status: 'queued', version: 1 });
  await relay(begun);
  await relay(begun);
  expect(await waiting()).toBe(2);
  expect((await limits.admitJobs('acme', HOLDERS, ['job_3'], NOON)).admitted).toBe(0);
  const ended = entry(5, { id: 'job_1' });
  await relay(begun, ended);
  await relay(begun, ended);
  expect(await waiting()).toBe(1);
  expect((await limits.admitJobs('acme', HOLDERS, ['job_3'], NOON)).admitted).toBe(1);
});

test('a job whose record is gone before its end was told gives its place back', async () => {
  const { limits, relay } = openScene();
  const one = holdersOf({ project: 'acme' }, { acme: { jobs_waiting: 1 } });
  await limits.admitJobs('acme', one, ['job_1'], NOON);
  await relay(entry(1, { status: 'queued' }));
  expect((await limits.admitJobs('acme', one, ['job_2'], NOON)).admitted).toBe(0);
  await relay(entry(1, { status: 'queued' }), entry(2, { id: 'job_1' }));
  expect((await limits.admitJobs('acme', one, ['job_2'], NOON)).admitted).toBe(1);
});

test('a job that nobody counted gets no place from its news', async () => {
  const { relay, waiting } = openScene();
  await relay(entry(1, { status: 'queued' }));
  expect(await waiting()).toBe(0);
});
