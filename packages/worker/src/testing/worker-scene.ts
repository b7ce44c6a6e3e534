import { createRegistryWriter } from '@understudy/availability';
import type { RouteSettings, Settings } from '@understudy/configuration';
import type { JobProgress, JobRequest, PlannedTarget } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { openDispatch, submitJob, subscribeToCancels, wakeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { requestAt } from '@understudy/dispatch/testing';
import type { JobReference, StoredJob } from '@understudy/job-store';
import type { ProviderKind } from '@understudy/provider';
import { providerSettings, settingsOf } from '@understudy/routing/testing';
import { createLogger } from '@understudy/runtime';
import { onTestFinished } from 'vitest';
import { startFakeVendor } from '../../../../test/support/fake-vendor.ts';
import type { FakeVendor } from '../../../../test/support/fake-vendor.ts';
import { testRedisUrl, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { processTurn } from '../process-turn.ts';
import { createRecoveringTargets } from '../recovering-targets.ts';
import { createRunningTurns } from '../running-turns.ts';
import { serveProviders } from '../serve-providers.ts';
import { createStoppingBatches } from '../stopping-batches.ts';
import type { WorkerContext } from '../worker-context.ts';
import { testKind } from './test-kind.ts';

/** Large numbers and odd white space must reach the provider as they are. */
export const BODY =
  '{ "model":"m", "messages":[{"role":"user","content":"Hi"}], "seed":12345678901234567890 }';

export interface WorkerScene {
  vendor: FakeVendor;
  worker: WorkerContext;
  dispatch: OpenDispatch;
  /** Moves the time of everything but timers on. */
  advance(durationMs: number): void;
  /** Accepts a job for the model `m`. */
  submit(given?: Partial<JobRequest>, body?: string): Promise<JobRequest>;
  read(job: JobReference): Promise<StoredJob>;
  /** Takes the job's present turn, as the worker that fetched its queue entry. */
  takeTurn(job: JobReference): Promise<StoredJob>;
  /** Wakes a waiting job, as the scheduler does. */
  wake(job: JobReference): Promise<StoredJob>;
}

/**
 * One worker process without the queue loop, so that a test decides when which turn is taken.
 * Providers are called at `<vendor>/<name>/v1` and know the model `m` as `m-at-<name>`.
 * @param kind of all providers, which is named `openai`
 */
export async function openWorker(
  targets: RouteSettings['targets'],
  route: Partial<RouteSettings> = {},
  kind: ProviderKind = testKind,
): Promise<WorkerScene> {
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  const settings = settingsAt(vendor, targets, route);
  const logger = createLogger('test', 'silent');
  const opened = openDispatch({
    redisUrl: testRedisUrl(),
    keyPrefix: uniqueKeyPrefix(),
    patience: 'patient',
    settings: () => settings,
    logger,
  });
  onTestFinished(() => opened.close());
  let aheadMs = 0;
  const clock = { ...opened.clock, now: () => opened.clock.now() + aheadMs };
  const dispatch: OpenDispatch = { ...opened, clock, random: () => 0.999 };
  const providers = serveProviders(kind, settings);
  onTestFinished(async () => {
    for (const { dispatcher } of providers.values()) await dispatcher.destroy();
  });
  const worker: WorkerContext = {
    dispatch,
    providers,
    running: createRunningTurns(),
    stopping: createStoppingBatches(dispatch.clock),
    recovering: createRecoveringTargets(dispatch),
    settings: () => settings,
  };
  dispatch.availability.onChange((change) => {
    if (change?.opened === true) worker.recovering.opened(change.provider);
  });
  subscribeToCancels(dispatch.subscriber, dispatch.keyPrefix, {
    jobEnded: (id) => worker.running.stop(id, 'job_ended'),
    batchStops: worker.stopping.note,
  });
  const registry = createRegistryWriter(opened.redis, opened.keyPrefix, 'w1', opened.clock);
  await opened.firstLoad();
  await registry.register([...providers.values()].map(({ registration }) => registration));
  await opened.reload();

  const read = async (job: JobReference): Promise<StoredJob> => {
    const stored = await dispatch.store.read(job);
    if (stored === undefined) throw new Error(`job ${job.id} is not there`);
    return stored;
  };
  let submitted = 0;
  return {
    vendor,
    worker,
    dispatch,
    read,
    advance: (durationMs) => void (aheadMs += durationMs),
    submit: async (given, body = BODY) => {
      submitted += 1;
      const request = requestAt(clock.now(), { id: `job_${submitted}`, ...given });
      await submitJob(dispatch, request, Buffer.from(body));
      return request;
    },
    takeTurn: async (job) => {
      const { record } = await read(job);
      const provider = providers.get(plannedFor(record.progress).provider);
      if (provider === undefined) throw new Error('the job stands in the queue of a stranger');
      const { project, id } = record.request;
      await processTurn(worker, provider, { v: SCHEMA_VERSION, project, id, turn: record.turn });
      return read(job);
    },
    wake: async (job) => {
      await wakeJob(dispatch, job);
      return read(job);
    },
  };
}

/** Where a job is queued. @throws Error when it waits */
export function plannedFor({ place }: JobProgress): PlannedTarget {
  if (place.kind !== 'queue') throw new Error(`the job waits: ${JSON.stringify(place)}`);
  return place.planned;
}

function settingsAt(
  vendor: FakeVendor,
  targets: RouteSettings['targets'],
  route: Partial<RouteSettings>,
): Settings {
  const called = targets.flatMap((target) => ('split' in target ? target.split : [target]));
  return settingsOf(
    called.map(({ provider }) => {
      const apiKey = `key-of-${provider}-1234567890`;
      const baseUrl = `${vendor.url}/${provider}/v1`;
      return providerSettings(provider, { apiKey, secrets: [apiKey], baseUrl });
    }),
    { m: { targets, ...route } },
  );
}
