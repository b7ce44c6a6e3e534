import { RECORD_VERSIONS } from '@understudy/contracts';
import type { JobRequest } from '@understudy/contracts';
import { endJob, submitLines } from '@understudy/dispatch';
import { openDispatchScene, requestAt } from '@understudy/dispatch/testing';
import { eraseRecord, finishErasure, jobKeys, readOutbox, shardOf } from '@understudy/job-store';
import type { JobReference, ListedStatus } from '@understudy/job-store';
import { listedIds } from '@understudy/job-store/testing';
import { expect, test } from 'vitest';
import { relayOutbox } from './relay-outbox.ts';

/** Lines of one batch that became jobs together. */
async function openLinesScene(ids: readonly string[]) {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  const lines = ids.map((id, index) => ({
    request: requestAt(dispatch.clock.now(), {
      id,
      batch: { id: 'batch_1', line: index + 1, custom_id: id },
    }),
    body: Buffer.from('{"model":"m"}'),
  }));
  await submitLines(dispatch, lines);
  const asked: JobReference[] = [];
  const { store } = dispatch;
  const watched = {
    ...dispatch,
    store: {
      ...store,
      readOutlines: (jobs: readonly JobReference[]) => {
        asked.push(...jobs);
        return store.readOutlines(jobs);
      },
    },
  };
  return {
    dispatch,
    requests: lines.map(({ request }) => request),
    /** Whose records the relay has read. */
    asked,
    relay: () => relayOutbox(watched),
    listed: (...statuses: ListedStatus[]) =>
      listedIds(dispatch.redis, dispatch.keyPrefix, 'acme', { statuses, batch: 'batch_1' }),
    answer: async (request: JobRequest) => {
      const stored = await store.read(request);
      await store.transition(request, {
        status: 'completed',
        nextTurn: 2,
        ...(stored === undefined ? {} : { progress: stored.record.progress }),
        appended: [],
        folded: [],
        result: Buffer.from('{}'),
        end: { v: 1, result: { provider: 'a', model: 'm' } },
        endedAt: dispatch.clock.now(),
        keepMs: 60_000,
      });
    },
  };
}

/** Ids of one shard. */
function neighbours(count: number): string[] {
  const ids = Array.from({ length: 1000 }, (_, index) => `job_${index}`);
  return ids.filter((id) => shardOf(id) === shardOf('job_0')).slice(0, count);
}

test('that lines wait and were answered is relayed without a look at their records', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `job_${index}`);
  const { requests, relay, listed, answer, asked } = await openLinesScene(ids);
  await relay();
  expect(new Set(await listed('unfinished'))).toEqual(new Set(ids));
  await answer(requests[0]!);
  await relay();
  expect(await listed('completed')).toEqual(['job_0']);
  expect(await listed('unfinished')).toHaveLength(99);
  expect(asked).toEqual([]);
});

test('what came last to a line within a page counts, whoever tells of it', async () => {
  const [first, second, third] = neighbours(3);
  const { dispatch, requests, relay, listed, answer, asked } = await openLinesScene([
    first!,
    second!,
    third!,
  ]);
  await answer(requests[0]!);
  await endJob(dispatch, requests[1]!, 'cancelled');
  await relay();
  expect(await listed('completed')).toEqual([first]);
  expect(await listed('cancelled')).toEqual([second]);
  expect(await listed('unfinished')).toEqual([third]);
  expect(asked.map(({ id }) => id)).toEqual([second]);
});

test('a line that was erased before it was relayed stands in no list', async () => {
  const [first, second] = neighbours(2);
  const { dispatch, requests, relay, listed, answer } = await openLinesScene([first!, second!]);
  for (const request of requests) await answer(request);
  const { redis, keyPrefix, store } = dispatch;
  await store.moveResults([requests[0]!], 'file-1', 60_000);
  expect(await eraseRecord(redis, keyPrefix, requests[0]!)).toBe('erased');
  await finishErasure(redis, keyPrefix, requests[0]!);
  await relay();
  expect(await listed('completed', 'unfinished')).toEqual([second]);
});

test('lines of one entry wait together for the scheduler that can read what became of one', async () => {
  const ids = neighbours(3);
  const { dispatch, requests, relay, listed } = await openLinesScene(ids);
  const { redis, keyPrefix } = dispatch;
  await endJob(dispatch, requests[1]!, 'cancelled');
  const { record, shard } = jobKeys(keyPrefix, requests[1]!);
  await redis.hset(record, 'v', RECORD_VERSIONS.newest + 1);
  await relay();
  expect(await listed('unfinished', 'cancelled')).toEqual([]);
  expect((await readOutbox(redis, keyPrefix, [shard], 10)).get(shard)).toHaveLength(4);
  await redis.hset(record, 'v', RECORD_VERSIONS.newest);
  await relay();
  expect(new Set(await listed('unfinished'))).toEqual(new Set([ids[0], ids[2]]));
  expect(await listed('cancelled')).toEqual([ids[1]]);
});
