import { setTimeout as sleep } from 'node:timers/promises';
import { endJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatchScene, sealedDispatch } from '@understudy/dispatch/testing';
import { RECORD_VERSIONS } from '@understudy/contracts';
import { SHARD_COUNT, jobKeys, readOutbox, shardOf } from '@understudy/job-store';
import type { ListedStatus } from '@understudy/job-store';
import { listedIds } from '@understudy/job-store/testing';
import { expect, test } from 'vitest';
import type { OutboxPage } from './outbox-page.ts';
import { relayOutbox } from './relay-outbox.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

function listed(
  { redis, keyPrefix }: OpenDispatch,
  project: string,
  ...statuses: ListedStatus[]
): Promise<string[]> {
  return listedIds(redis, keyPrefix, project, statuses.length === 0 ? {} : { statuses });
}

test('every change reaches the lists of its project, and the outbox is emptied', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const ours = await submit();
  await submit({ project: 'other' });
  await relayOutbox(dispatch);
  expect(await listed(dispatch, 'acme', 'unfinished')).toEqual(['job_1']);
  expect(await listed(dispatch, 'other', 'unfinished')).toEqual(['job_2']);

  await endJob(dispatch, ours, 'cancelled');
  await relayOutbox(dispatch);
  expect(await listed(dispatch, 'acme', 'unfinished')).toEqual([]);
  expect(await listed(dispatch, 'acme', 'cancelled')).toEqual(['job_1']);
  const left = await readOutbox(dispatch.redis, dispatch.keyPrefix, SHARDS, 10);
  expect(left.size).toBe(0);
});

test('more changes than fit a page are all relayed in one go', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  // One id, one shard: the same job is submitted under many projects.
  for (let index = 0; index < 250; index += 1) {
    await submit({ id: 'job_1', project: `p${index}` });
  }
  await relayOutbox(dispatch);
  expect(await listed(dispatch, 'p0')).toEqual(['job_1']);
  expect(await listed(dispatch, 'p249')).toEqual(['job_1']);
});

test('where one consumer fails the others are waited for, and all are told again', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  await submit();
  const told: string[] = [];
  const slow = async (): Promise<void> => {
    await sleep(50);
    told.push('slow');
  };
  await expect(
    relayOutbox(dispatch, [() => Promise.reject(new Error('away')), slow]),
  ).rejects.toThrow('away');
  expect(told).toEqual(['slow']);
  const tell = async ({ records }: OutboxPage): Promise<void> => {
    told.push(...records.map(({ request }) => request.id));
  };
  await relayOutbox(dispatch, [tell]);
  expect(told).toEqual(['slow', 'job_1']);
});

test('what happened to a job of a newer release, and what came after it, waits for its scheduler', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const { redis, keyPrefix } = dispatch;
  // One id, one shard, one order of entries.
  const [first, newer, last] = ['p1', 'p2', 'p3'] as const;
  // Of a job with metadata its record alone tells.
  const metadata = { of: 'a customer' };
  for (const project of [first, newer, last]) await submit({ id: 'job_1', project, metadata });
  const { record } = jobKeys(keyPrefix, { project: newer, id: 'job_1' });
  await redis.hset(record, 'v', RECORD_VERSIONS.newest + 1);
  await relayOutbox(dispatch);
  const listing = () =>
    Promise.all([first, newer, last].map((project) => listed(dispatch, project)));
  expect(await listing()).toEqual([['job_1'], [], []]);
  const held = await readOutbox(redis, keyPrefix, SHARDS, 10);
  expect([...held.values()].flat().map(({ project }) => project)).toEqual([newer, last]);

  await redis.hdel(record, 'v');
  await relayOutbox(dispatch);
  expect(await listing()).toEqual([['job_1'], ['job_1'], ['job_1']]);
});

test('what happened to a job whose key is missing waits for it, and every other shard is relayed', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const keyed = sealedDispatch(dispatch);
  const sealed = await keyed.submit({ id: 'job_sealed', project: 'sealed' });
  const behind = await submit({ id: sealed.id, project: 'behind' });
  const known = await submit({ id: 'job_1' });
  expect(shardOf(sealed.id)).not.toBe(shardOf(known.id));
  await relayOutbox(dispatch);
  const listing = () =>
    Promise.all([sealed, behind, known].map(({ project }) => listed(dispatch, project)));
  expect(await listing()).toEqual([[], [], [known.id]]);

  await relayOutbox(keyed.dispatch);
  expect(await listing()).toEqual([[sealed.id], [sealed.id], [known.id]]);
});
