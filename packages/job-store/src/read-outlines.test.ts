import { randomBytes } from 'node:crypto';
import { RECORD_VERSIONS } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import { UnsealedError, createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { expect, test } from 'vitest';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { JobChange } from './job-store.ts';
import { completion, openStore } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

const NONE: JobReference = { project: 'acme', id: 'none' };
const KEY = `k1:${randomBytes(32).toString('base64')}`;
const TOLD = {
  batch: { id: 'batch_1', line: 7, custom_id: 'r7' },
  metadata: { team: 'red' },
  callback: { url: 'https://a.example', events: ['job.failed' as const], secret: 'whsec_x' },
  surface: 'openai' as const,
  background: true,
};
const FAILURE: NonNullable<JobChange['end']> = {
  v: 1,
  error: { code: 'no_target_left', message: 'none', provider: 'a', rule: 'status.503' },
};

async function submitAndFail(scene: StoreScene, id: string): Promise<JobReference> {
  const request = await scene.submit({ id, ...TOLD });
  const { result: _none, ...change } = completion({ status: 'failed', end: FAILURE });
  await scene.store.transition(request, change);
  return request;
}

async function recordOf({ store }: StoreScene, job: JobReference): Promise<JobRecord> {
  const [record] = await store.readRecords([job]);
  if (record === undefined) throw new Error(`job ${job.id} is not there`);
  return record;
}

test('an outline says of a job what its record says, in the order asked for', async () => {
  const scene = openStore();
  const running = await scene.submit({ id: 'job_1' });
  const failed = await submitAndFail(scene, 'job_2');
  const outlines = await scene.store.readOutlines([failed, NONE, running]);
  expect(outlines).toEqual([expect.anything(), undefined, expect.anything()]);
  expect(await recordOf(scene, failed)).toMatchObject(outlines[0]!);
  expect(await recordOf(scene, running)).toMatchObject(outlines[2]!);
  expect(outlines[0]).toMatchObject({
    request: { id: 'job_2', project: 'acme', model: 'm', ...TOLD },
    progress: { route: 'm', place: { kind: 'queue' } },
    status: 'failed',
    completedAt: expect.any(Number),
    end: FAILURE,
  });
  expect(outlines[2]).not.toHaveProperty('end');
  expect(await scene.store.readOutlines([])).toEqual([]);
});

test('what is encrypted of a job is opened, and what should be and is not is refused', async () => {
  const scene = openStore(createSealer(parseEncryptionKeys(KEY)));
  const job = await submitAndFail(scene, 'job_1');
  expect(await scene.redis.hget(jobKeys(scene.prefix, job).record, 'req')).not.toContain('red');
  const [outline] = await scene.store.readOutlines([job]);
  expect(outline).toMatchObject({ request: TOLD, end: FAILURE });

  const plain = await submitAndFail(openStore(undefined, scene.prefix), 'job_2');
  const strict = openStore(
    createSealer(parseEncryptionKeys(KEY), { required: true }),
    scene.prefix,
  );
  expect(await strict.store.readOutlines([plain, job])).toEqual([
    { unreadable: expect.any(UnsealedError) },
    expect.objectContaining({ end: FAILURE }),
  ]);
});

test('of a record of a newer form an outline says the version alone', async () => {
  const scene = openStore();
  const job = await scene.submit();
  const { record } = jobKeys(scene.prefix, job);
  const newer = RECORD_VERSIONS.newest + 1;
  await scene.redis.hset(record, { v: newer, req: 'of no form known', st: 'resting' });
  expect(await scene.store.readOutlines([job])).toEqual([{ newer }]);
});
