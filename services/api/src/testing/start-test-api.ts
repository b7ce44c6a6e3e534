import { fileURLToPath } from 'node:url';
import { createRegistryWriter } from '@understudy/availability';
import { parseSettings, readKindManifests } from '@understudy/configuration';
import type { Attempt, JobEnd, JobError, JobRecord, Registration } from '@understudy/contracts';
import { openDispatch } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { indexJobs } from '@understudy/job-store';
import { createLogger } from '@understudy/runtime';
import { onTestFinished } from 'vitest';
import { testRedisUrl, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { buildApp } from '../app.ts';
import type { ApiApp, ApiParts } from '../api-parts.ts';
import { jobSchema } from '../schemas/job-schemas.ts';
import { listen } from '../server.ts';
import { openParts } from '../start-api.ts';

export const API_KEY = 'a-key-for-tests-only';

const CONFIGURATION = `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
routes:
  two-ways:
    targets: [ { provider: main, model: gpt-4o }, { provider: backup, model: gpt-4o } ]
  one-way:
    targets: [ { provider: main, model: gpt-4o } ]
`;

/** What a worker of the provider would say of itself. */
function registrationOf(provider: string): Registration {
  return {
    v: 1,
    provider,
    kind: 'openai',
    vendor: 'openai',
    dialects: ['chat-completions', 'responses', 'embeddings'],
    dialects_by_model: {},
    models: { 'gpt-4o': 'gpt-4o', 'gpt-4o-mini': 'gpt-4o-mini' },
    accepts: [],
    retired: {},
    overrides: {},
    passthrough: false,
    concurrency: 4,
  };
}

export interface TestApi {
  url: string;
  app: ApiApp;
  parts: ApiParts;
  dispatch: OpenDispatch;
  /** With the key; `body` is sent as it is when it is text. */
  call(path: string, options?: CallOptions): Promise<Response>;
  /** Does at once what the scheduler does within a second; for `default` unless told. */
  index(records: readonly JobRecord[], project?: string): Promise<void>;
}

interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

export interface TestApiOptions {
  configuration?: string;
  /** Providers whose worker is there; both unless told. */
  registered?: readonly string[];
  redisUrl?: string;
}

/** The whole API over HTTP and a real Redis; a registration stands for each worker. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const kinds = readKindManifests(fileURLToPath(new URL('../../..', import.meta.url)));
  const settings = parseSettings(options.configuration ?? CONFIGURATION, {
    environment: {},
    kinds,
    credentials: 'ignore',
  });
  const keyPrefix = uniqueKeyPrefix();
  const dispatch = openDispatch({
    redisUrl: options.redisUrl ?? testRedisUrl(),
    keyPrefix,
    patience: 'request',
    settings: () => settings,
    logger: createLogger('api-test', 'silent'),
  });
  onTestFinished(() => dispatch.close());
  const { redis } = dispatch;
  if (redis.status !== 'ready') {
    await new Promise((resolve) => {
      redis.once('ready', resolve);
    });
  }
  const registered = (options.registered ?? ['main', 'backup']).map(registrationOf);
  await createRegistryWriter(redis, keyPrefix, 'worker', dispatch.clock).register(registered);
  await dispatch.reload();

  const parts = await openParts(dispatch, API_KEY);
  const app = await buildApp(parts);
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return {
    url,
    app,
    parts,
    dispatch,
    call: (path, { body, headers, ...rest } = {}) =>
      fetch(`${url}${path}`, {
        ...rest,
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: {
          'x-api-key': API_KEY,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      }),
    index: (records, project = 'default') => indexJobs(redis, keyPrefix, project, records),
  };
}

/** A submit that is accepted. */
export function chatJob(more: Record<string, unknown> = {}, body: Record<string, unknown> = {}) {
  return {
    endpoint: '/v1/chat/completions',
    body: { model: 'two-ways', messages: [{ role: 'user', content: 'hello' }], ...body },
    ...more,
  };
}

/** The id of the job that an answer shows. */
export async function idOf(response: Response): Promise<string> {
  return jobSchema.parse(await response.json()).id;
}

/** Submits and gives the job's id. */
export async function submit(api: TestApi, job: unknown = chatJob()): Promise<string> {
  const response = await api.call('/v1/jobs', { method: 'POST', body: job });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  return idOf(response);
}

/** Ends a job as a worker would that got this answer. */
export async function complete(
  api: TestApi,
  id: string,
  answer = '{"ok":true}',
  attempt: Partial<Attempt> = {},
): Promise<void> {
  await settle(api, id, {
    status: 'completed',
    attempt: { ...attempt, outcome: 'succeeded' },
    end: { v: 1, result: { provider: 'main', model: 'gpt-4o' }, usage: { input_tokens: 1 } },
    result: Buffer.from(answer),
  });
}

/** Ends a job as a worker would after the last target refused it. */
export async function fail(api: TestApi, id: string, error: Partial<JobError> = {}): Promise<void> {
  await settle(api, id, {
    status: 'failed',
    attempt: { outcome: 'failed', rule: 'default.test' },
    end: { v: 1, error: { code: 'no_target_left', message: 'no target is left', ...error } },
  });
}

interface Settlement {
  status: 'completed' | 'failed';
  attempt: Partial<Attempt> & Pick<Attempt, 'outcome'>;
  end: JobEnd;
  result?: Buffer;
}

async function settle(
  api: TestApi,
  id: string,
  { attempt, ...settlement }: Settlement,
): Promise<void> {
  const { store, clock } = api.dispatch;
  const job = { project: 'default', id };
  const begun = await store.begin(job, 1, clock.now(), clock.now() + 10_000);
  if (begun.kind !== 'started') throw new Error(`job ${id} could not begin: ${begun.kind}`);
  const change = await store.transition(job, {
    ...settlement,
    token: begun.token,
    nextTurn: 2,
    appended: [
      {
        ...attempt,
        number: 1,
        round: 1,
        target: 'main/gpt-4o',
        provider: 'main',
        model_requested: 'two-ways',
        started_at: clock.now(),
        token: begun.token,
      },
    ],
    folded: [],
    endedAt: clock.now(),
    keepMs: 60_000,
  });
  if (!change.ok) throw new Error(`job ${id} could not end: it is ${change.status}`);
}

/** Closes a whole provider for a minute, as a failure that a worker reports would. */
export async function coolDown({ dispatch }: TestApi, provider: string): Promise<void> {
  const now = dispatch.clock.now();
  const cooldown = await dispatch.cooldowns.reportFailure({
    provider,
    scope: 'provider',
    model: 'gpt-4o',
    now,
    counted: false,
    jobId: 'another',
    callStartedAt: now,
    holder: 'another:1',
    delayMs: 60_000,
    rule: 'test.billing',
    alert: true,
  });
  if (cooldown !== undefined) dispatch.availability.apply(cooldown);
}
