import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings, readKindManifests } from '../../packages/configuration/src/index.ts';
import { RECORD_VERSIONS } from '../../packages/contracts/src/index.ts';
import { openDispatch, submitJob } from '../../packages/dispatch/src/index.ts';
import type { OpenDispatch } from '../../packages/dispatch/src/index.ts';
import { jobKeys } from '../../packages/job-store/src/index.ts';
import { jobRequest } from '../../packages/routing/src/testing/routing-scene.ts';
import { createLogger, readServiceEnvironment } from '../../packages/runtime/src/index.ts';
import { createJobId } from '../../packages/submission/src/index.ts';
import { startWorker } from '../../packages/worker/src/index.ts';
import { openaiCompatible } from '../../services/worker-openai-compatible/src/provider.ts';
import { testRedisUrl } from '../support/redis.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import type { FaultScene } from './fault-scene.ts';
import { chatBody } from './persistent-client.ts';
import { until } from './until.ts';

const NEXT = RECORD_VERSIONS.newest + 1;
const NEXT_RELEASE = { written: NEXT, newest: NEXT };
const SERVICES = join(import.meta.dirname, '../../services');
/** Either worker may fetch the turn, and each time that this release's does it rests longer. */
const WITHIN_MS = 60_000;
const logger = createLogger('next-release', 'silent');

/** What a service of the next release moves jobs with. */
async function openNextDispatch({ broker }: FaultScene): Promise<OpenDispatch> {
  const settings = parseSettings(
    `
providers: { only: { kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1" } }
routes: { chat: { targets: [ { provider: only, model: m } ] } }
`,
    { environment: {}, kinds: readKindManifests(SERVICES), credentials: 'ignore' },
  );
  const dispatch = openDispatch({
    redisUrl: testRedisUrl(),
    keyPrefix: broker.keyPrefix,
    patience: 'patient',
    settings: () => settings,
    logger,
    recordVersions: NEXT_RELEASE,
  });
  onTestFinished(() => dispatch.close());
  await dispatch.firstLoad();
  return dispatch;
}

async function startNextWorker({ broker }: FaultScene): Promise<void> {
  const environment = readServiceEnvironment({
    REDIS_URL: testRedisUrl(),
    UNDERSTUDY_CONFIG: broker.configurationPath,
    UNDERSTUDY_KEY_PREFIX: broker.keyPrefix,
  });
  const worker = await startWorker(
    openaiCompatible,
    environment,
    process.env,
    logger,
    undefined,
    NEXT_RELEASE,
  );
  onTestFinished(() => worker.close());
}

test('a job of the next release is left alone by this one until a worker of that release comes', async () => {
  await using scene = await openFaultScene();
  const { broker, vendor } = scene;
  const next = await openNextDispatch(scene);
  const now = next.clock.now();
  const times = { created_at: now, expires_at: now + 600_000 };
  const job = jobRequest({ id: createJobId(now), project: 'default', model: 'chat', ...times });
  const body = chatBody('next', 'chat');
  await submitJob(next, job, Buffer.from(JSON.stringify(body)));
  const { record } = jobKeys(broker.keyPrefix, job);
  const stored = await next.store.read(job);
  const progress = { ...stored?.record.progress, hedge: { after_ms: 250 } };
  await next.redis.hset(record, 'prog', JSON.stringify(progress));
  const before = await next.redis.hgetall(record);

  const left = (): number | undefined => {
    const lines = broker.services.get(WORKER)?.output ?? [];
    const count = lines.filter((line) => line.includes('was left to workers')).length;
    return count >= 2 ? count : undefined;
  };
  await until('turns that were left', WITHIN_MS, left);
  const own = await scene.client.submit('present', 'chat');
  expect(await scene.client.watch(own)).toMatchObject({ status: 'completed' });
  const path = `/v1/jobs/${job.id}`;
  expect((await broker.request(path)).status).toBe(503);
  expect((await broker.request(`${path}/cancel`, { method: 'POST' })).status).toBe(503);
  expect(await next.redis.hgetall(record)).toEqual(before);
  expect(vendor.calls).toHaveLength(1);

  await startNextWorker(scene);
  const ended = await until('end of the job', WITHIN_MS, async () => {
    const found = await next.store.read(job);
    return found?.record.status === 'completed' ? found : undefined;
  });
  expect(ended.attempts).toMatchObject([{ provider: 'only', outcome: 'succeeded' }]);
  const { route, hedge } = progress;
  expect(ended.record).toMatchObject({ token: 1, progress: { route, hedge } });
  expect(vendor.calls).toHaveLength(2);
});
