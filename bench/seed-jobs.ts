import type { JobEnd, JobProgress, JobRequest } from '../packages/contracts/src/index.ts';
import { createJobStore, indexJobs } from '../packages/job-store/src/index.ts';
import type { JobStore } from '../packages/job-store/src/index.ts';
import { createJobId } from '../packages/submission/src/index.ts';
import type { Redis } from 'ioredis';

export interface SeedOptions {
  redis: Redis;
  prefix: string;
  project: string;
  jobs: number;
  /** The newest job is of this instant; the others lie within a week before. */
  now: number;
}

export interface Seeded {
  /** Of the lists of all jobs, in Redis. */
  listBytes: number;
  /** Of all else that is kept of the jobs. */
  jobBytes: number;
}

const WEEK_MS = 7 * 86_400_000;
const AT_ONCE = 200;
const INDEXED_AT_ONCE = 2000;
const MODELS = ['opus', 'sonnet', 'haiku', 'gpt-large', 'gpt-small', 'gemini', 'llama', 'mixtral'];
const PROVIDERS = ['anthropic-prod', 'anthropic-backup', 'vertex', 'bedrock', 'openai', 'azure'];
const RULES = ['default.status_503', 'default.timeout', 'anthropic.billing', 'default.status_400'];
const TEAMS = ['red', 'green', 'blue', 'black'];
const BODY_BYTES = 1000;

/** Of a hundred jobs one after another, so that every mix of them has some. */
function statusOf(number: number): 'queued' | 'completed' | 'failed' | 'cancelled' | 'expired' {
  const place = (number * 37) % 100;
  if (place < 8) return 'queued';
  if (place < 28) return 'failed';
  if (place < 31) return 'cancelled';
  return place < 33 ? 'expired' : 'completed';
}

/** Makes jobs as the broker does, through the store's own functions, and puts them into the lists. */
export async function seedJobs(options: SeedOptions): Promise<Seeded> {
  const { redis, prefix, project, jobs } = options;
  const store = createJobStore(redis, prefix);
  const before = await usedBytes(redis);
  const requests: JobRequest[] = [];
  for (let start = 0; start < jobs; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, jobs - start) }, (_, at) => start + at);
    requests.push(...(await Promise.all(numbers.map((number) => makeJob(store, options, number)))));
  }
  const kept = await usedBytes(redis);
  for (let start = 0; start < requests.length; start += INDEXED_AT_ONCE) {
    const found = await store.readRecords(requests.slice(start, start + INDEXED_AT_ONCE));
    await indexJobs(
      redis,
      prefix,
      project,
      found.flatMap((record) => record ?? []),
    );
  }
  return { jobBytes: kept - before, listBytes: (await usedBytes(redis)) - kept };
}

async function makeJob(
  store: JobStore,
  { project, jobs, now }: SeedOptions,
  number: number,
): Promise<JobRequest> {
  const createdAt = Math.floor(now - (WEEK_MS * (jobs - 1 - number)) / jobs);
  const model = MODELS[number % MODELS.length]!;
  const provider = PROVIDERS[(number * 7) % PROVIDERS.length]!;
  const request: JobRequest = {
    v: 1,
    id: createJobId(createdAt),
    project,
    endpoint: '/v1/chat/completions',
    dialect: 'chat-completions',
    model,
    priority: 5,
    order: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    created_at: createdAt,
    expires_at: now + WEEK_MS,
    bytes: BODY_BYTES,
    metadata: {
      team: TEAMS[number % TEAMS.length]!,
      // Of teams red and blue only by night: two long lists without a common job.
      shift: number % 2 === 0 ? 'night' : 'day',
      user: `user-${number % Math.max(1, Math.floor(jobs / 50))}`,
    },
  };
  await store.create(
    request,
    progressAt(model, provider, createdAt),
    Buffer.alloc(BODY_BYTES, 'x'),
    [],
    request.expires_at,
  );
  const status = statusOf(number);
  if (status !== 'queued') {
    await store.transition(request, {
      status,
      nextTurn: 2,
      appended: [],
      folded: [],
      end: endOf(status, provider, number),
      endedAt: createdAt + 2000,
      keepMs: WEEK_MS,
    });
  }
  return request;
}

function progressAt(route: string, provider: string, since: number): JobProgress {
  return {
    v: 1,
    route,
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: [provider],
    closed: {},
    draws: {},
    place: {
      kind: 'queue',
      since,
      planned: { target: provider, provider, kind: 'openai-compatible', model_sent: route },
    },
    waits: [],
    skips: {},
  };
}

function endOf(status: string, provider: string, number: number): JobEnd {
  if (status === 'completed') return { v: 1, result: { provider }, usage: { input_tokens: 9 } };
  if (status !== 'failed')
    return { v: 1, error: { code: status, message: `the job was ${status}` } };
  const rule = RULES[number % RULES.length]!;
  return {
    v: 1,
    error: { code: 'no_target_left', message: 'no target is left', provider, rule },
  };
}

async function usedBytes(redis: Redis): Promise<number> {
  const [, used] = /used_memory:(\d+)/.exec(await redis.info('memory')) ?? [];
  return Number(used);
}
