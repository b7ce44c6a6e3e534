import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatch, submitJob } from '@understudy/dispatch';
import { requestAt } from '@understudy/dispatch/testing';
import { loadSettings } from '@understudy/configuration';
import type { JobRequest } from '@understudy/contracts';
import type { StoredJob } from '@understudy/job-store';
import { createLogger, readServiceEnvironment } from '@understudy/runtime';
import type { Closable } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFakeVendor } from '../../../test/support/fake-vendor.ts';
import type { FakeVendor } from '../../../test/support/fake-vendor.ts';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { startWorker } from './run-worker.ts';
import { testKind } from './testing/test-kind.ts';
import { BODY } from './testing/worker-scene.ts';

interface RunningWorker {
  vendor: FakeVendor;
  dispatch: OpenDispatch;
  worker: Closable;
  submit(id: string): Promise<JobRequest>;
  /** Resolves with the job once it has this status. */
  becomes(job: JobRequest, status: string): Promise<StoredJob>;
}

/** A whole worker service in this process, over a configuration file, and a submitter. */
async function runWorker(): Promise<RunningWorker> {
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  const folder = await mkdtemp(join(tmpdir(), 'understudy-worker-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'understudy.yaml');
  const provider = `{ kind: openai, apiKey: key-1234567890123456, baseUrl: "${vendor.url}/a/v1" }`;
  await writeFile(path, `providers:\n  a: ${provider}\ndefaults: { gracePeriod: 200ms }\n`);

  const logger = createLogger('test', 'silent');
  const [redisUrl, keyPrefix] = [testRedisUrl(), uniqueKeyPrefix()];
  const kinds = [
    {
      kind: 'openai',
      fields: ['apiKey'],
      required: [['apiKey']],
      credentials: ['apiKey'],
      environment: [],
    },
  ];
  const settings = loadSettings({ environment: {}, credentials: 'resolve', path, kinds });
  const dispatch = openDispatch({
    redisUrl,
    keyPrefix,
    patience: 'patient',
    settings: () => settings,
    logger,
  });
  onTestFinished(() => dispatch.close());
  await dispatch.firstLoad();
  const worker = await startWorker(
    testKind,
    readServiceEnvironment({
      REDIS_URL: redisUrl,
      UNDERSTUDY_KEY_PREFIX: keyPrefix,
      UNDERSTUDY_CONFIG: path,
      LOG_LEVEL: 'silent',
    }),
    logger,
  );
  onTestFinished(() => worker.close());
  await vi.waitFor(() => expect(dispatch.registry.isAlive('a')).toBe(true));

  return {
    vendor,
    dispatch,
    worker,
    submit: async (id) => {
      const request = requestAt(dispatch.clock.now(), { id });
      await submitJob(dispatch, request, Buffer.from(BODY));
      return request;
    },
    becomes: (job, status) =>
      vi.waitFor(
        async () => {
          const stored = await dispatch.store.read(job);
          expect(stored?.record.status).toBe(status);
          return stored!;
        },
        { timeout: 5000 },
      ),
  };
}

test('a job goes through the queue to its answer', async () => {
  const { submit, becomes, dispatch } = await runWorker();
  const { record, attempts } = await becomes(await submit('job_1'), 'completed');
  expect(record.end?.result).toEqual({ provider: 'a', model: 'm-at-a' });
  expect(attempts).toMatchObject([{ number: 1, outcome: 'succeeded', status_code: 200 }]);
  await expect.poll(() => dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0 });
});

test('a call that outlasts the grace period is handed back, and the worker is gone', async () => {
  const { vendor, submit, worker, dispatch } = await runWorker();
  vendor.onCall(/^\/a\//, { answer: 'never' });
  const job = await submit('job_1');
  const [call] = await vendor.waitForCalls(1);
  const started = performance.now();
  await worker.close();
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await call!.ended).toBe('closed-by-client');
  const stored = await dispatch.store.read(job);
  expect(stored?.record.status).toBe('queued');
  expect(stored?.attempts).toMatchObject([
    { outcome: 'interrupted', rule: 'drained', maybe_billed: true },
  ]);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0 });
  await vi.waitFor(() => expect(dispatch.registry.isAlive('a')).toBe(false));
});

test('a call that ends within the grace period is not repeated', async () => {
  const { vendor, submit, worker, dispatch } = await runWorker();
  vendor.onCall(/^\/a\//, { delayMs: 50 });
  const job = await submit('job_1');
  await vendor.waitForCalls(1);
  await worker.close();
  expect((await dispatch.store.read(job))?.record.status).toBe('completed');
  expect(vendor.calls).toHaveLength(1);
});
