import { RECORD_VERSIONS, SCHEMA_VERSION } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { stopEnded } from './stop-ended.ts';
import { openWorker } from './testing/worker-scene.ts';

test('a call is hung up whose job ended without a message, and no other one', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch, vendor, worker } = scene;
  vendor.onCall(/^\/a\//, { answer: 'never' });
  const jobs = [await scene.submit(), await scene.submit(), await scene.submit()];
  const turns = jobs.map((job) => scene.takeTurn(job));
  await vendor.waitForCalls(3);
  await dispatch.store.transition(jobs[0]!, {
    status: 'cancelled',
    nextTurn: 2,
    appended: [],
    folded: [],
    end: { v: SCHEMA_VERSION, error: { code: 'cancelled', message: 'by its caller' } },
    endedAt: dispatch.clock.now(),
    keepMs: 60_000,
  });
  const { record } = jobKeys(dispatch.keyPrefix, jobs[1]!);
  await dispatch.redis.hset(record, { v: RECORD_VERSIONS.newest + 1, st: 'completed' });
  await stopEnded(worker);
  await turns[0];
  expect(worker.running.jobs().map(({ id }) => id)).toEqual([jobs[1]!.id, jobs[2]!.id]);

  worker.running.stopAll('drain');
  await Promise.allSettled(turns);
});
