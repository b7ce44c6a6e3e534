import { SCHEMA_VERSION } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { eraseRecord, finishErasure } from './erase-record.ts';
import { indexJobs } from './job-index.ts';
import { clusterSlot } from './testing/cluster-slot.ts';
import { listedIds } from './testing/listed-ids.ts';
import { NOON, attempt, openStore } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

const JOB = { project: 'acme', id: 'job_1' };

async function end({ store }: StoreScene): Promise<void> {
  const change = await store.transition(JOB, {
    status: 'completed',
    nextTurn: 2,
    appended: [attempt(1, { outcome: 'succeeded' })],
    folded: [],
    end: { v: SCHEMA_VERSION, result: { provider: 'a' } },
    endedAt: NOON + 1,
    keepMs: 60_000,
    result: Buffer.from('{}'),
  });
  expect(change.ok).toBe(true);
}

const keysOf = async ({ redis, prefix }: StoreScene): Promise<string[]> =>
  (await matchingKeys(redis, `${prefix}:*`)).filter((key) => key.includes('job_1')).toSorted();

test('of an erased job only the mark and what remembers its idempotency key stay, in one slot', async () => {
  const scene = openStore();
  const { redis, prefix, store } = scene;
  await scene.submit({ fingerprint: 'f' });
  expect(await eraseRecord(redis, prefix, JOB)).toBe('running');
  expect((await store.read(JOB))?.record.status).toBe('queued');

  await end(scene);
  expect(await eraseRecord(redis, prefix, JOB)).toBe('erased');
  const [mark, tombstone, ...more] = await keysOf(scene);
  expect([mark, tombstone, more]).toEqual([
    expect.stringMatching(/:erasing$/),
    expect.stringMatching(/:tombstone$/),
    [],
  ]);
  expect(clusterSlot(mark!)).toBe(clusterSlot(tombstone!));
  expect(await redis.pttl(mark!)).toBeGreaterThan(60_000);
  expect(await eraseRecord(redis, prefix, JOB)).toBe('erased');

  await finishErasure(redis, prefix, JOB);
  expect(await keysOf(scene)).toEqual([tombstone]);
  expect(await eraseRecord(redis, prefix, JOB)).toBe('missing');
});

test('an erased job stands in no list, and the others stay', async () => {
  const scene = openStore();
  const { redis, prefix, store } = scene;
  await scene.submit();
  const other = await scene.submit({ id: 'job_2' });
  await end(scene);
  const records = (await store.readRecords([JOB, other])).flatMap((record) => record ?? []);
  await indexJobs(redis, prefix, 'acme', records);
  await eraseRecord(redis, prefix, JOB);
  await finishErasure(redis, prefix, JOB);
  expect(await listedIds(redis, prefix, 'acme')).toEqual(['job_2']);
  expect(await keysOf(scene)).toEqual([]);
});

test('a job that is not there cannot be erased', async () => {
  const { redis, prefix } = openStore();
  expect(await eraseRecord(redis, prefix, JOB)).toBe('missing');
});
