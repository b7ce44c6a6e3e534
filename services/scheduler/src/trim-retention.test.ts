import { endJob } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import { countKinds, indexJobs, jobKeys, listsFor, unfinishedKey } from '@understudy/job-store';
import { listedIds } from '@understudy/job-store/testing';
import { expect, test } from 'vitest';
import { trimRetention } from './trim-retention.ts';

const HOUR_MS = 3_600_000;

test('what lives longer than jobs do by default stays in its lists until it is kept no more', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, submit, read, advance } = scene;
  const { redis, keyPrefix, clock } = dispatch;
  const { defaults } = dispatch.views().settings;
  Object.assign(defaults, { retentionMs: HOUR_MS, expiresInMs: HOUR_MS });
  const waiting = await submit({ expires_at: clock.now() + 7 * 24 * HOUR_MS });
  const ended = await submit();
  await endJob(dispatch, ended, 'cancelled');
  const records = [(await read(waiting)).record, (await read(ended)).record];
  await indexJobs(redis, keyPrefix, waiting.project, records);

  advance(3 * HOUR_MS);
  // As Redis does at the end of the retention.
  await redis.unlink(jobKeys(keyPrefix, ended).record);
  await trimRetention(dispatch);
  expect(await listedIds(redis, keyPrefix, waiting.project)).toEqual([waiting.id]);
  const lists = await listsFor(redis, keyPrefix, [waiting.project], {});
  expect(await countKinds(redis, lists, {})).toMatchObject([
    { kind: { status: 'unfinished' }, count: 1 },
  ]);
  // By which the limit on waiting jobs counts.
  expect(await redis.zcard(unfinishedKey(keyPrefix, waiting.project))).toBe(1);
});
