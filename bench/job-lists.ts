import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { eventually, freePort, startNode } from './child-process.ts';
import { API_KEY } from './contender.ts';
import { processCpuMicroseconds } from './process-cpu.ts';
import { startRedis } from './redis-server.ts';
import { seedJobs } from './seed-jobs.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;
const LIMIT_MS = 300;
const PREFIX = 'bench';
const CONFIGURATION = `
providers:
  openai: { kind: openai-compatible, baseUrl: http://127.0.0.1:9/v1, apiKey: none, passthrough: true }
`;

/** Each must be answered in time, also those that hardly any job fits. */
const QUERIES = [
  '',
  'limit=100',
  'status=failed',
  'status=queued',
  'status=in_progress',
  'provider=vertex',
  'model=opus&status=completed',
  'status=failed&route=haiku&provider=bedrock&error=default.status_400',
  'status=cancelled&error=default.timeout',
  'metadata=team:red',
  'metadata=team:red&status=expired',
  'metadata=team:red&model=sonnet',
  'metadata=team:red&metadata=shift:day',
  'metadata=team:red&metadata=shift:day&status=completed',
  'metadata=user:user-17',
  'metadata=user:user-17&metadata=team:red&status=failed',
  'metadata=user:nobody',
  'created_after={day 3}&created_before={day 4}',
  'created_after={day 3}&created_before={day 4}&status=failed&metadata=team:red',
  'created_before={day 4}&provider=azure',
];

/** How long filters of lists and facets take over HTTP, with many jobs in the lists of a project. */
async function measureJobLists(jobs: number): Promise<void> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  const now = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const configurationPath = join(folder, 'understudy.yaml');
  await writeFile(configurationPath, CONFIGURATION);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  try {
    const startedAt = performance.now();
    const seeded = await seedJobs({ redis, prefix: PREFIX, project: 'default', jobs, now });
    console.log(
      JSON.stringify({
        jobs,
        seconds: Math.round((performance.now() - startedAt) / 1000),
        list_bytes_per_job: Math.round(seeded.listBytes / jobs),
        other_bytes_per_job: Math.round(seeded.jobBytes / jobs),
      }),
    );
    const api = startNode('api', new URL('../services/api/src/main.ts', import.meta.url), {
      REDIS_URL: server.url,
      UNDERSTUDY_CONFIG: configurationPath,
      UNDERSTUDY_API_KEY: API_KEY,
      UNDERSTUDY_KEY_PREFIX: PREFIX,
      UNDERSTUDY_FILES_PATH: join(folder, 'files'),
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
    });
    await eventually('api', 20_000, async () => (await fetch(`${origin}/healthz`)).ok || undefined);
    const slow: string[] = [];
    for (const query of QUERIES.map((text) => withDays(text, now))) {
      for (const path of [`/v1/jobs?${query}`, ...facetPaths(query)]) {
        for (const project of ['default', '*']) {
          const figures = await timed(`${origin}${path}`, project, [api.pid, server.pid]);
          console.log(JSON.stringify({ path, project, ...figures }));
          if (figures.median_ms > LIMIT_MS) slow.push(`${project} ${path}`);
        }
      }
    }
    await api.stop();
    console.log(JSON.stringify({ limit_ms: LIMIT_MS, slow }));
    process.exitCode = slow.length === 0 ? 0 : 1;
  } finally {
    redis.disconnect();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Facets know no pages. */
function facetPaths(query: string): string[] {
  return query.startsWith('limit=') ? [] : [`/v1/jobs/facets?${query}`];
}

function withDays(query: string, now: number): string {
  return query.replaceAll(/\{day (\d)\}/g, (_, day: string) =>
    new Date(now - (7 - Number(day)) * 86_400_000).toISOString(),
  );
}

/** @param pids whose computing time is told beside: on a busy machine it says more than the clock */
async function timed(url: string, project: string, pids: readonly number[]) {
  const times: number[] = [];
  let shown: unknown;
  const usedBefore = pids.map(processCpuMicroseconds);
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${API_KEY}`, 'understudy-project': project },
    });
    const body = (await response.json()) as {
      data?: unknown[];
      has_more?: boolean;
      total?: { count: number };
      exact?: boolean;
    };
    times.push(performance.now() - startedAt);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    shown =
      body.data === undefined
        ? { total: body.total?.count, exact: body.exact }
        : { found: body.data.length, has_more: body.has_more };
  }
  const [api_cpu_ms, redis_cpu_ms] = pids.map((pid, index) =>
    round1((processCpuMicroseconds(pid) - (usedBefore[index] ?? 0)) / 1000 / ROUNDS),
  );
  return {
    median_ms: round1(median(times)),
    most_ms: round1(Math.max(...times)),
    api_cpu_ms,
    redis_cpu_ms,
    shown,
  };
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Into the Redis of a broker that runs, to look at its console with so many jobs. */
async function seedOnly(url: string, prefix: string, jobs: number): Promise<void> {
  const redis = new Redis(url);
  const seeded = await seedJobs({ redis, prefix, project: 'default', jobs, now: Date.now() });
  console.log(JSON.stringify({ jobs, ...seeded }));
  redis.disconnect();
}

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    jobs: { type: 'string', default: '100000' },
    redis: { type: 'string' },
    prefix: { type: 'string', default: 'understudy' },
  },
});
const jobs = Number(values.jobs);
await (values.redis === undefined
  ? measureJobLists(jobs)
  : seedOnly(values.redis, values.prefix, jobs));
