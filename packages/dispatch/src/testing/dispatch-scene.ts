import { randomBytes } from 'node:crypto';
import { createRegistryWriter } from '@understudy/availability';
import type { Attempt, JobProgress, JobRequest } from '@understudy/contracts';
import { createJobStore } from '@understudy/job-store';
import type { JobReference, StoredJob } from '@understudy/job-store';
import {
  jobRequest,
  providerSettings,
  registrationOf,
  settingsOf,
} from '@understudy/routing/testing';
import { createLogger } from '@understudy/runtime';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { onTestFinished } from 'vitest';
import { testRedisUrl, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { openDispatch } from '../open-dispatch.ts';
import type { OpenDispatch } from '../open-dispatch.ts';
import { submitJob } from '../submit-job.ts';

export interface DispatchScene {
  dispatch: OpenDispatch;
  /** Providers without a live worker; a test adds and removes. */
  dead: Set<string>;
  /** Moves the time of everything but timers on. */
  advance(durationMs: number): void;
  /** Closes the model `m` at a provider for so long, as a failed call does. */
  cool(provider: string, durationMs: number): Promise<void>;
  /** Accepts a job for the model `m`. */
  submit(given?: Partial<JobRequest>): Promise<JobRequest>;
  read(job: JobReference): Promise<StoredJob>;
}

/** Real Redis, no worker: providers know the model `m` as `m-at-<name>`, and are alive. */
export async function openDispatchScene(
  targets: { provider: string; maxQueueWaitMs?: number }[],
): Promise<DispatchScene> {
  const settings = settingsOf(
    targets.map(({ provider }) => providerSettings(provider)),
    { m: { targets } },
  );
  const opened = openDispatch({
    redisUrl: testRedisUrl(),
    keyPrefix: uniqueKeyPrefix(),
    patience: 'patient',
    settings: () => settings,
    logger: createLogger('test', 'silent'),
  });
  onTestFinished(() => opened.close());
  await opened.firstLoad();
  const registry = createRegistryWriter(opened.redis, opened.keyPrefix, 'w1', opened.clock);
  await registry.register(targets.map(({ provider }) => registrationOf(provider, {})));
  await opened.reload();

  let aheadMs = 0;
  const dead = new Set<string>();
  const dispatch: OpenDispatch = {
    ...opened,
    clock: { ...opened.clock, now: () => opened.clock.now() + aheadMs },
    random: () => 0.999,
    views: () => ({ ...opened.views(), isAlive: (provider) => !dead.has(provider) }),
  };
  let submitted = 0;
  return {
    dispatch,
    dead,
    advance: (durationMs) => void (aheadMs += durationMs),
    cool: async (provider, durationMs) => {
      const now = dispatch.clock.now();
      const entry = await dispatch.cooldowns.reportFailure({
        provider,
        scope: 'model',
        model: `m-at-${provider}`,
        now,
        counted: false,
        jobId: 'job_0',
        callStartedAt: now,
        holder: 'job_0.1',
        delayMs: durationMs,
        rule: 'default.status_429',
      });
      if (entry !== undefined) dispatch.availability.apply(entry);
    },
    submit: async (given) => {
      submitted += 1;
      const request = requestAt(dispatch.clock.now(), { id: `job_${submitted}`, ...given });
      await submitJob(dispatch, request, Buffer.from('{"model":"m"}'));
      return request;
    },
    read: async (job) => {
      const stored = await dispatch.store.read(job);
      if (stored === undefined) throw new Error(`job ${job.id} is not there`);
      return stored;
    },
  };
}

/** A request that is submitted at this time and expires a day later. */
export function requestAt(now: number, given: Partial<JobRequest> = {}): JobRequest {
  return jobRequest({ project: 'acme', created_at: now, expires_at: now + 86_400_000, ...given });
}

export interface SealedDispatch {
  /** The same as was given, with a key. */
  dispatch: OpenDispatch;
  /** Accepts a job for the model `m`, of which that key is needed to read the record. */
  submit(given: Partial<JobRequest> & { id: string }): Promise<JobRequest>;
  /**
   * Submits one whose record the other process can read, and whose failed first attempt it cannot.
   * @param closed targets of its route that are none for it any more
   */
  submitFailedOnce(id: string, closed?: JobProgress['closed']): Promise<JobRequest>;
}

/** As a process has it that holds a key which the process of the given dispatch lacks. */
export function sealedDispatch(without: OpenDispatch): SealedDispatch {
  const { redis, keyPrefix, clock } = without;
  const sealer = createSealer(parseEncryptionKeys(`k1:${randomBytes(32).toString('base64')}`));
  const store = createJobStore(redis, keyPrefix, () => 0, sealer);
  const dispatch = { ...without, store, sealer };
  return {
    dispatch,
    submit: async (given) => {
      const metadata = { customer: 'c1' };
      const request = requestAt(clock.now(), { metadata, ...given });
      await submitJob(dispatch, request, Buffer.from('{"model":"m"}'));
      return request;
    },
    submitFailedOnce: async (id, closed = {}) => {
      const request = requestAt(clock.now(), { id });
      await submitJob(dispatch, request, Buffer.from('{"model":"m"}'));
      const { progress } = (await store.read(request))!.record;
      const said: Attempt = {
        number: 1,
        round: 1,
        target: 'a',
        provider: 'a',
        model_requested: 'm',
        outcome: 'failed',
        started_at: 0,
        error: { message: 'no' },
      };
      await store.transition(request, {
        turn: 1,
        status: 'queued',
        nextTurn: 2,
        progress: { ...progress, closed },
        dueAt: clock.now(),
        appended: [said],
        folded: [],
      });
      return request;
    },
  };
}
