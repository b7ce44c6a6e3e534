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
import type { RunningService } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startFakeVendor } from '../../../test/support/fake-vendor.ts';
import type { FakeVendor } from '../../../test/support/fake-vendor.ts';
import { startLocalServer } from '../../../test/support/local-redis.ts';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { startWorker } from './run-worker.ts';
import { testKind } from './testing/test-kind.ts';
import { BODY } from './testing/worker-scene.ts';

interface RunningWorker {
  vendor: FakeVendor;
  dispatch: OpenDispatch;
  worker: RunningService;
  /** Gives the configuration other defaults. Resolves once the worker says that it uses them. */
  changeDefaults(defaults: string): Promise<void>;
  submit(id: string): Promise<JobRequest>;
  /** Resolves with the job once it has this status. */
  becomes(job: JobRequest, status: string): Promise<StoredJob>;
}

const ALL_KEYS = { KEY_OF_a: 'key-a-1234567890123456', KEY_OF_b: 'key-b-1234567890123456' };

/**
 * A whole worker service in this process, over a configuration file in which `a` and `b` are of its
 * kind and `c` is not, and a submitter.
 */
async function runWorker(
  variables: Record<string, string> = ALL_KEYS,
  redisUrl = testRedisUrl(),
): Promise<RunningWorker> {
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  const folder = await mkdtemp(join(tmpdir(), 'understudy-worker-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'understudy.yaml');
  const provider = (name: string): string =>
    `  ${name}: { kind: openai, apiKey: "\${KEY_OF_${name}}", baseUrl: "${vendor.url}/${name}/v1" }\n`;
  const providers =
    provider('a') + provider('b') + "  c: { kind: anthropic, apiKey: '${KEY_OF_c}' }\n";
  const writeDefaults = (defaults: string): Promise<void> =>
    writeFile(path, `providers:\n${providers}defaults: { ${defaults} }\n`);
  await writeDefaults('gracePeriod: 200ms');

  const logger = createLogger('test', 'silent');
  const lines: string[] = [];
  const workerLogger = createLogger('worker', 'info', { write: (line) => lines.push(line) });
  const keyPrefix = uniqueKeyPrefix();
  const kinds = ['openai', 'anthropic'].map((kind) => ({
    kind,
    fields: { apiKey: 'API key.' },
    required: [['apiKey']],
    credentials: ['apiKey'],
    environment: [],
  }));
  const settings = loadSettings({ environment: {}, credentials: 'ignore', path, kinds });
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
    { UNDERSTUDY_CONFIG: path, ...variables },
    workerLogger,
  );
  onTestFinished(() => worker.close());
  const served = variables['UNDERSTUDY_PROVIDERS']?.split(',')[0] ?? 'a';
  await vi.waitFor(() => expect(dispatch.registry.isAlive(served)).toBe(true));

  return {
    vendor,
    dispatch,
    worker,
    changeDefaults: async (defaults) => {
      await writeDefaults(defaults);
      await vi.waitFor(() => expect(lines.join('')).toContain('configuration is in use'), 10_000);
    },
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
  await expect
    .poll(() => dispatch.queue.counts('a'))
    .toEqual({ waiting: 0, active: 0, resting: 0 });
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
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
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

test('a longer grace period that is set while a worker runs is for the next one', async () => {
  const { vendor, submit, worker, changeDefaults } = await runWorker();
  vendor.onCall(/^\/a\//, { answer: 'never' });
  await submit('job_1');
  await vendor.waitForCalls(1);
  await changeDefaults('gracePeriod: 1h');
  // Killed by then if it took longer.
  expect(worker.gracePeriodMs).toBe(200);
  const started = performance.now();
  await worker.close();
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a worker that is told to stop while Redis is away ends, with a call that it cannot hand back', async () => {
  const server = await startLocalServer([]);
  const { vendor, submit, worker, dispatch } = await runWorker(ALL_KEYS, server.url);
  vendor.onCall(/^\/a\//, { answer: 'never' });
  await submit('job_1');
  const [call] = await vendor.waitForCalls(1);
  await server.stop();
  await vi.waitFor(() => expect(dispatch.redis.status).not.toBe('ready'));
  await worker.close();
  expect(await call!.ended).toBe('closed-by-client');
});

test('an idle worker that is told to stop while Redis is away ends at once', async () => {
  const server = await startLocalServer([]);
  const { worker, dispatch } = await runWorker(ALL_KEYS, server.url);
  await server.stop();
  await vi.waitFor(() => expect(dispatch.redis.status).not.toBe('ready'));
  const started = performance.now();
  await worker.close();
  expect(performance.now() - started).toBeLessThan(3000);
});

test('a worker that is for one provider serves it alone, with no more than its key', async () => {
  const only = { UNDERSTUDY_PROVIDERS: 'b', KEY_OF_b: ALL_KEYS.KEY_OF_b };
  const { submit, becomes, dispatch, vendor } = await runWorker(only);
  expect(dispatch.registry.isAlive('a')).toBe(false);
  const { record, attempts } = await becomes(await submit('job_1'), 'completed');
  expect(record.end?.result).toEqual({ provider: 'b', model: 'm-at-b' });
  expect(attempts.map(({ provider, rule }) => [provider, rule])).toEqual([['b', undefined]]);
  expect(vendor.calls.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${ALL_KEYS.KEY_OF_b}`,
  ]);
});

test('a worker may be for providers of other kinds too, which others serve', async () => {
  const { dispatch } = await runWorker({ ...ALL_KEYS, UNDERSTUDY_PROVIDERS: 'a,c' });
  expect(['a', 'b', 'c'].map(dispatch.registry.isAlive)).toEqual([true, false, false]);
});

test('a worker that is for a provider which nobody configured does not start', async () => {
  await expect(runWorker({ ...ALL_KEYS, UNDERSTUDY_PROVIDERS: 'a, d' })).rejects.toThrow(
    'UNDERSTUDY_PROVIDERS: no provider named "d"; known are a, b, c',
  );
});
