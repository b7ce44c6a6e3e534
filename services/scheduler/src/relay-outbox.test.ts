import { endJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import { SHARD_COUNT, listIndex, readOutbox } from '@understudy/job-store';
import type { IndexName } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { relayOutbox } from './relay-outbox.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

async function listed(
  { redis, keyPrefix }: OpenDispatch,
  project: string,
  name: IndexName,
): Promise<string[]> {
  const rows = await listIndex(redis, keyPrefix, project, name, undefined, 1000);
  return rows.map(({ id }) => id);
}

test('every change reaches the lists of its project, and the outbox is emptied', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const ours = await submit();
  await submit({ project: 'other' });
  await relayOutbox(dispatch);
  const unfinished = { facet: 'status', value: 'unfinished' } as const;
  expect(await listed(dispatch, 'acme', unfinished)).toEqual(['job_1']);
  expect(await listed(dispatch, 'other', unfinished)).toEqual(['job_2']);

  await endJob(dispatch, ours, 'cancelled');
  await relayOutbox(dispatch);
  expect(await listed(dispatch, 'acme', unfinished)).toEqual([]);
  expect(await listed(dispatch, 'acme', { facet: 'status', value: 'cancelled' })).toEqual([
    'job_1',
  ]);
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
  expect(await listed(dispatch, 'p0', { facet: 'all' })).toEqual(['job_1']);
  expect(await listed(dispatch, 'p249', { facet: 'all' })).toEqual(['job_1']);
});
