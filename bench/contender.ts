import { Pool } from 'undici';
import { eventually, type BenchProcess } from './child-process.ts';
import type { Upstream } from './upstream.ts';

export const CONTENDER_NAMES = ['yardstick', 'broker'] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** A running program under measurement; both speak the same HTTP. */
export interface Contender {
  name: ContenderName;
  /** Where its API listens. */
  origin: string;
  /** Its own processes; Redis, which both use, is not among them. */
  processes: readonly BenchProcess[];
  client: JobClient;
  /**
   * Puts jobs into its records and queues as its own API does, with its own functions, but without
   * HTTP: so that hundreds of thousands wait within minutes.
   */
  seed(jobs: number, options?: SeedOptions): Promise<void>;
  stop(): Promise<void>;
}

export interface SeedOptions {
  requestBytes?: number;
  /** `normal` unless told. */
  priority?: 'normal' | 'low';
  model?: string;
}

export interface ContenderSetting {
  redisUrl: string;
  upstream: Upstream;
  /** Its processes can be profiled. */
  profile?: boolean;
}

interface JobAnswer {
  id: string;
  status: string;
  completed_at?: string;
}

/** Submits jobs and looks at them, over a fixed number of connections. */
export interface JobClient {
  /** @param waitSeconds holds the answer until the job is done */
  submit(payload: Buffer, waitSeconds?: number): Promise<JobAnswer>;
  look(id: string): Promise<JobAnswer>;
  close(): Promise<void>;
}

export const API_KEY = 'bench-key-0123456789';
export const MODEL = 'bench';
export const CONCURRENCY = 200;

export function createJobClient(origin: string, connections: number): JobClient {
  const pool = new Pool(origin, { connections });
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    more: { body?: Buffer; prefer?: string } = {},
  ): Promise<JobAnswer> => {
    const answer = await pool.request({
      method,
      path,
      headers: more.prefer === undefined ? headers : { ...headers, prefer: more.prefer },
      ...(more.body ? { body: more.body } : {}),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) {
      throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text.slice(0, 500)}`);
    }
    return JSON.parse(text);
  };
  return {
    submit: (body, waitSeconds) =>
      ask('POST', '/v1/jobs', {
        body,
        ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
      }),
    look: (id) => ask('GET', `/v1/jobs/${id}`),
    close: () => pool.close(),
  };
}

/** The body of a submit whose completion request has `bytes` bytes. */
export function jobPayload(bytes: number, { model = MODEL, priority = 'normal' } = {}): Buffer {
  const body = completionRequest(bytes, model);
  return Buffer.from(JSON.stringify({ endpoint: '/v1/chat/completions', priority, body }));
}

/** Has `bytes` bytes as JSON. */
export function completionRequest(bytes: number, model = MODEL) {
  const withContent = (content: string) => ({ model, messages: [{ role: 'user', content }] });
  return withContent('x'.repeat(bytes - JSON.stringify(withContent('')).length));
}

/** @throws Error where it was not started */
export function contenderNamed(contenders: readonly Contender[], name: ContenderName): Contender {
  const found = contenders.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name} was started`);
  return found;
}

/** Resolves once a first job went all the way through. */
export async function firstJobDone(name: string, client: JobClient): Promise<void> {
  await eventually(`a completed job of the ${name}`, 60_000, async () => {
    const job = await client.submit(jobPayload(1_000), 10);
    return job.status === 'completed' ? true : undefined;
  });
}

export async function stopAll(processes: readonly BenchProcess[]): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()));
}
