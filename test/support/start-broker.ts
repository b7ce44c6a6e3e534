import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRedisOnce, pingRedis } from '../../packages/runtime/src/index.ts';
import { findFreePort } from './free-port.ts';
import { removeMatchingKeys } from './matching-keys.ts';
import { testRedisUrl, uniqueKeyPrefix } from './redis.ts';
import { startService, type ServiceProcess } from './service-process.ts';

/** Nine processes on two busy cores take their time. */
const READY_TIMEOUT_MS = 90_000;
const LONG_POLL_SECONDS = 20;
const MOST_TRIES = 5;
const REMOVAL_TIMEOUT_MS = 10_000;
const TERMINAL = new Set(['completed', 'failed', 'cancelled', 'expired']);

/** A job as the API shows it; tests look at the members they are about. */
export interface JobView {
  id: string;
  status: string;
  attempts: Record<string, unknown>[];
  [member: string]: unknown;
}

export interface StartBrokerOptions {
  /** Text of the understudy.yaml. */
  configuration: string;
  /** Kinds whose worker services run. */
  kinds: readonly string[];
  /** Services beside API, scheduler and workers: `batch-runner`, `webhook-deliverer`. */
  services?: readonly string[];
  /** Beside what every service gets. */
  environment?: Readonly<Record<string, string>>;
  /** Beside what the other services get. */
  apiEnvironment?: Readonly<Record<string, string>>;
  redisUrl?: string;
}

/** The real services of one broker, with Redis keys of its own. */
export interface Broker extends AsyncDisposable {
  url: string;
  apiKey: string;
  keyPrefix: string;
  /** Where the bytes of files are. */
  filesPath: string;
  /** Path of the configuration file, to be rewritten by a test. */
  configurationPath: string;
  /** By folder name: `api`, `scheduler`, `worker-openai`, … */
  services: Map<string, ServiceProcess>;
  /** Starts a service again (under the same name) after a test has killed it, or one more. */
  startService(name: string): Promise<ServiceProcess>;
  /** Any request to the API with the key. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Submits and expects 202. */
  submit(job: Readonly<Record<string, unknown>>): Promise<JobView>;
  getJob(id: string): Promise<JobView>;
  /** Long-polls until the job has ended; rejects with the job's last state after `timeoutMs`. */
  waitForJob(id: string, timeoutMs?: number): Promise<JobView>;
  /** Ends every process and removes the broker's keys. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts API, scheduler, the workers of `kinds` and more; waits until the API is ready. */
export async function startBroker(options: StartBrokerOptions): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-broker-'));
  const configurationPath = join(folder, 'understudy.yaml');
  writeFileSync(configurationPath, options.configuration);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const redisUrl = options.redisUrl ?? testRedisUrl();
  const keyPrefix = uniqueKeyPrefix();
  const apiKey = `${keyPrefix}-api-key`;
  const env = {
    REDIS_URL: redisUrl,
    UNDERSTUDY_CONFIG: configurationPath,
    UNDERSTUDY_API_KEY: apiKey,
    UNDERSTUDY_KEY_PREFIX: keyPrefix,
    UNDERSTUDY_FILES_PATH: join(folder, 'files'),
    HOST: '127.0.0.1',
    PORT: String(port),
    ...options.environment,
  };
  const services = new Map<string, ServiceProcess>();
  const started: ServiceProcess[] = [];
  const start = async (name: string) => {
    const own = name === 'api' ? options.apiEnvironment : {};
    const service = await startService(name, { ...env, ...own });
    services.set(name, service);
    started.push(service);
    return service;
  };
  const stopOnce = async () => {
    await Promise.all(started.map((service) => service.stop()));
    await removeKeys(redisUrl, keyPrefix);
    rmSync(folder, { recursive: true, force: true });
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopOnce());

  try {
    const workers = options.kinds.map((kind) => `worker-${kind}`);
    const names = ['scheduler', ...workers, ...(options.services ?? []), 'api'];
    await Promise.all(names.map(start));
    await waitUntilReady(url, started);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    apiKey,
    keyPrefix,
    filesPath: env.UNDERSTUDY_FILES_PATH,
    configurationPath,
    services,
    startService: start,
    stop,
    [Symbol.asyncDispose]: stop,
    ...createCalls(url, apiKey),
  };
}

function createCalls(url: string, apiKey: string) {
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${apiKey}`);
    return fetch(`${url}${path}`, { ...init, headers });
  };
  /** Redis may be late for a moment on a busy machine; tests of that ask with `request`. */
  const patiently = async (path: string, init?: RequestInit): Promise<Response> => {
    for (let tries = 1; ; tries += 1) {
      const response = await request(path, init);
      const isLate = response.status === 503 && response.headers.get('retry-after') === '1';
      if (!isLate || tries === MOST_TRIES) return response;
      await response.body?.cancel();
      await sleep(1000);
    }
  };
  const getJob = async (id: string) => readJob(await patiently(`/v1/jobs/${id}`), 200);
  const waitForJob = async (id: string, timeoutMs = 60_000) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const leftSeconds = Math.ceil((deadline - performance.now()) / 1000);
      const wait = Math.max(1, Math.min(LONG_POLL_SECONDS, leftSeconds));
      const response = await patiently(`/v1/jobs/${id}`, { headers: { prefer: `wait=${wait}` } });
      const job = await readJob(response, 200);
      if (TERMINAL.has(job.status)) return job;
      if (leftSeconds <= 0) {
        throw new Error(`the job has not ended after ${timeoutMs} ms: ${JSON.stringify(job)}`);
      }
    }
  };
  const submit = async (job: Readonly<Record<string, unknown>>) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(job);
    return readJob(await patiently('/v1/jobs', { method: 'POST', headers, body }), 202);
  };
  return { request, submit, getJob, waitForJob };
}

async function readJob(response: Response, expectedStatus: number): Promise<JobView> {
  const text = await response.text();
  if (response.status !== expectedStatus) {
    throw new Error(`${response.url} answered ${response.status}: ${text}`);
  }
  const job: unknown = JSON.parse(text);
  if (!isJobView(job)) throw new Error(`${response.url} answered no job: ${text}`);
  return job;
}

function isJobView(value: unknown): value is JobView {
  return typeof value === 'object' && value !== null && 'id' in value && 'status' in value;
}

async function waitUntilReady(url: string, services: readonly ServiceProcess[]): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let ended: string | undefined;
  for (const service of services) {
    void service.ended.then((how) => (ended = `${service.name} ended with ${how}`));
  }
  let last = 'no answer';
  for (;;) {
    try {
      const response = await fetch(`${url}/readyz`);
      last = `${response.status} ${await response.text()}`;
      if (response.status === 200) return;
    } catch {
      // Not listening yet.
    }
    if (ended !== undefined || performance.now() > deadline) {
      const output = services.flatMap((one) => one.output.map((line) => `${one.name}: ${line}`));
      throw new Error(
        `the broker did not become ready (${ended ?? last})\n${output.slice(-20).join('\n')}`,
      );
    }
    await sleep(50);
  }
}

/** Removes whatever a broker with this prefix left in Redis. */
export async function removeKeys(redisUrl: string, keyPrefix: string): Promise<void> {
  const redis = openRedisOnce(redisUrl, REMOVAL_TIMEOUT_MS);
  redis.on('error', () => undefined);
  try {
    await pingRedis(redis);
    await removeMatchingKeys(redis, `*${keyPrefix}*`);
  } catch {
    // The test has stopped Redis: nothing to remove.
  } finally {
    redis.disconnect();
  }
}
