import type { Attempt, JobProgress, JobRequest, RecordVersions } from '@understudy/contracts';
import { RECORD_VERSIONS, SCHEMA_VERSION } from '@understudy/contracts';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import type { Redis } from '@understudy/runtime';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { createJobStore } from '../create-job-store.ts';
import type { JobChange, JobStore } from '../job-store.ts';

export const NOON = Date.UTC(2026, 10, 22, 12);
export const BODY = Buffer.from('{"model":"m","seed":12345678901234567890}');

/** Both forms in which a record may be written, for suites that hold for either. */
export const FORMS: readonly { form: string; versions: RecordVersions }[] = [
  { form: 'first', versions: { written: 1, newest: 2 } },
  { form: 'dense', versions: { written: 2, newest: 2 } },
];

export interface StoreScene {
  redis: Redis;
  prefix: string;
  store: JobStore;
  /** Creates a job that stands in the queue of provider `a`. */
  submit(given?: Partial<JobRequest>): Promise<JobRequest>;
}

/** A store over keys of its own, or over those of another one. */
export function openStore(
  sealer: Sealer = createSealer([]),
  prefix: string = uniqueKeyPrefix(),
  versions: RecordVersions = RECORD_VERSIONS,
): StoreScene {
  const redis = openTestRedis();
  const store = createJobStore(redis, prefix, () => 0, sealer, versions);
  return {
    redis,
    prefix,
    store,
    submit: async (given) => {
      const request = jobRequest(given);
      await store.create(request, queuedAt('a'), BODY, [], NOON + 30_000);
      return request;
    },
  };
}

export function jobRequest(given: Partial<JobRequest> = {}): JobRequest {
  return {
    v: SCHEMA_VERSION,
    id: 'job_1',
    project: 'acme',
    endpoint: '/v1/chat/completions',
    dialect: 'chat-completions',
    model: 'm',
    priority: 5,
    order: 1_048_000,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    created_at: NOON,
    expires_at: NOON + 86_400_000,
    ...given,
  };
}

export function queuedAt(provider: string): JobProgress {
  return {
    v: SCHEMA_VERSION,
    route: 'm',
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: [provider],
    closed: {},
    draws: {},
    place: {
      kind: 'queue',
      since: NOON,
      planned: { target: provider, provider, kind: 'openai', model_sent: `m-at-${provider}` },
    },
    waits: [],
    skips: {},
  };
}

export function attempt(number: number, given: Partial<Attempt> = {}): Attempt {
  return {
    number,
    round: 1,
    target: 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    started_at: NOON,
    ...given,
  };
}

/** To the queue of provider `b`. */
export function handOver(given: Partial<JobChange>): JobChange {
  return {
    status: 'queued',
    nextTurn: 2,
    progress: queuedAt('b'),
    dueAt: NOON + 60_000,
    appended: [],
    folded: [],
    ...given,
  };
}

/** To a good end, kept for a minute. */
export function completion(given: Partial<JobChange> = {}): JobChange {
  return {
    status: 'completed',
    nextTurn: 2,
    appended: [],
    folded: [],
    result: Buffer.from('{"id":"x"}'),
    end: { v: SCHEMA_VERSION, result: { provider: 'a', model: 'm-served' } },
    endedAt: NOON + 5000,
    keepMs: 60_000,
    ...given,
  };
}
