import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startBroker } from './broker-contender.ts';
import { API_KEY, jobPayload, type JobClient } from './contender.ts';
import { watchMemory } from './memory-peaks.ts';
import { startRedis } from './redis-server.ts';
import { percentile } from './statistics.ts';
import { startUpstream } from './upstream.ts';

const LINES = 50_000;
const LINE_BYTES = 4000;
const SUBMITS_PER_SECOND = 40;
const IDLE_MS = 15_000;
const ROUNDS = 3;

/**
 * How long other callers wait for their 202 while somebody uploads the largest batch there may be,
 * against the same broker without; and what the upload takes of the API's memory.
 */
async function measureUpload(): Promise<void> {
  const redis = await startRedis();
  const upstream = await startUpstream(50);
  const broker = await startBroker({ redisUrl: redis.url, upstream, withBatches: true }, 50);
  const folder = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const input = join(folder, 'input.jsonl');
  await writeFile(input, `${'x'.repeat(LINE_BYTES - 1)}\n`.repeat(LINES));
  try {
    await timedSubmits(broker.client, sleep(3000));
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const idle = await timedSubmits(broker.client, sleep(IDLE_MS));
      const memory = watchMemory(broker.processes.filter(({ name }) => name === 'api'));
      const startedAt = performance.now();
      const busy = await timedSubmits(broker.client, upload(broker.origin, input));
      const seconds = (performance.now() - startedAt) / 1000;
      rounds.push({ idle: told(idle), busy: told(busy), seconds, memory: memory.stop() });
      console.log(JSON.stringify(rounds.at(-1)));
    }
    const ratios = rounds.map(({ idle, busy }) => busy.p99 / idle.p99);
    console.log(JSON.stringify({ megabytes: (LINES * LINE_BYTES) / 1e6, p99_ratios: ratios }));
  } finally {
    await broker.stop();
    await upstream.stop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, so that it takes nothing from the one that watches the clock. */
async function upload(origin: string, path: string): Promise<void> {
  const form = ['-F', `file=@${path}`, '-F', 'purpose=batch'];
  const key = ['-H', `authorization: Bearer ${API_KEY}`];
  await promisify(execFile)('curl', ['-sSf', ...key, ...form, `${origin}/v1/files`]);
}

/** Submits at an even pace until `until` is over. @returns milliseconds to each 202 */
async function timedSubmits(client: JobClient, until: Promise<unknown>): Promise<number[]> {
  const payload = jobPayload(1000);
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const over = new AbortController();
  const ended = until.then(() => over.abort());
  const submit = async (): Promise<void> => {
    const startedAt = performance.now();
    await client.submit(payload);
    times.push(performance.now() - startedAt);
  };
  while (!over.signal.aborted) {
    running.push(submit());
    await sleep(1000 / SUBMITS_PER_SECOND);
  }
  await ended;
  await Promise.all(running);
  return times;
}

function told(times: readonly number[]): { submits: number; p50: number; p99: number } {
  return { submits: times.length, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

await measureUpload();
