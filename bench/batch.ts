import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import OpenAI from 'openai';
import { Pool } from 'undici';
import { batchInput } from './batch-input.ts';
import { startBroker } from './broker-contender.ts';
import { eventually, freePort, startNode, type BenchProcess } from './child-process.ts';
import { API_KEY, stopAll } from './contender.ts';
import { watchMemory } from './memory-peaks.ts';
import { cpuMicroseconds } from './process-cpu.ts';
import { startRedis } from './redis-server.ts';
import { startUpstream } from './upstream.ts';

const UPSTREAM_LATENCY_MS = 50;
const LONGEST_MS = 1_800_000;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    lines: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '1' },
    limited: { type: 'boolean', default: false },
  },
});
const lines = Number(values.lines);

interface BatchFigures {
  seconds: number;
  linesPerSecond: number;
  cpuMicrosecondsPerLine: Record<string, number>;
  memory: Record<string, { start: number; peak: number }>;
}

/** Runs a program that answers batches, and says what it took. */
interface BatchProgram {
  name: string;
  processes: readonly BenchProcess[];
  /** From the first byte up to the last answer. */
  answerAll(): Promise<void>;
  stop(): Promise<void>;
}

const redis = await startRedis();
const upstream = await startUpstream(UPSTREAM_LATENCY_MS);
try {
  const figures: Record<string, BatchFigures[]> = {};
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const start of [startYardstickBatch, startBrokerBatch]) {
      const program = await start();
      try {
        const one = await measure(program);
        (figures[program.name] ??= []).push(one);
        console.log(program.name, JSON.stringify(one));
      } finally {
        await program.stop();
      }
    }
  }
  const ratios = (figures['broker'] ?? []).map(
    ({ linesPerSecond }, round) => linesPerSecond / figures['yardstick']![round]!.linesPerSecond,
  );
  console.log(JSON.stringify({ lines, limited: values.limited, batch_lines_per_second: ratios }));
} finally {
  await upstream.stop();
  await redis.stop();
}

async function measure(program: BatchProgram): Promise<BatchFigures> {
  const processes = [...program.processes, redis];
  const memory = watchMemory(processes);
  const before = cpuMicroseconds(processes);
  const startedAt = performance.now();
  await program.answerAll();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = cpuMicroseconds(processes);
  const cpu = [...after].map(
    ([name, used]) => [name, Math.round((used - (before.get(name) ?? 0)) / lines)] as const,
  );
  return {
    seconds,
    linesPerSecond: lines / seconds,
    cpuMicrosecondsPerLine: Object.fromEntries(cpu),
    memory: memory.stop(),
  };
}

async function startYardstickBatch(): Promise<BatchProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
  const port = await freePort();
  const environment = {
    REDIS_URL: redis.url,
    PORT: String(port),
    YARDSTICK_API_KEY: API_KEY,
    YARDSTICK_UPSTREAM: upstream.baseUrl,
    YARDSTICK_ANSWERS: join(folder, 'answers.jsonl'),
  };
  const processes = ['batch', 'worker'].map((name) =>
    startNode(name, new URL(`yardstick/${name}.ts`, import.meta.url), environment),
  );
  const pool = new Pool(`http://127.0.0.1:${port}`, { headersTimeout: LONGEST_MS });
  const post = async (body: Readable): Promise<void> => {
    const answer = await pool.request({ method: 'POST', path: '/batch', body });
    if (answer.statusCode !== 200) throw new Error(`the yardstick answered ${answer.statusCode}`);
    await answer.body.dump();
  };
  await eventually('a first batch of the yardstick', 20_000, async () => {
    await post(Readable.from(batchInput(1)));
    return true;
  });
  return {
    name: 'yardstick',
    processes,
    answerAll: () => post(Readable.from(batchInput(lines))),
    stop: async () => {
      await pool.close();
      await stopAll(processes);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startBrokerBatch(): Promise<BatchProgram> {
  const broker = await startBroker(
    {
      redisUrl: redis.url,
      upstream,
      withBatches: true,
      ...(values.limited ? { limitedFirst: true as const } : {}),
    },
    10,
  );
  return {
    name: 'broker',
    processes: broker.processes,
    answerAll: () => runBatch(broker.origin),
    stop: broker.stop,
  };
}

/** As a script does that knows nothing of the broker: with the official SDK. */
async function runBatch(origin: string): Promise<void> {
  const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: API_KEY });
  const file = new File([...batchInput(lines)], 'input.jsonl');
  const input = await openai.files.create({ file, purpose: 'batch' });
  const { id } = await openai.batches.create({
    input_file_id: input.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const batch = await eventually(`the end of batch ${id}`, LONGEST_MS, async () => {
    const now = await openai.batches.retrieve(id);
    const ended = ['completed', 'failed', 'expired', 'cancelled'].includes(now.status);
    return ended ? now : undefined;
  });
  const { total, completed } = batch.request_counts ?? {};
  if (batch.status !== 'completed' || total !== lines || completed !== lines) {
    throw new Error(`the batch ended ${JSON.stringify(batch)}`);
  }
  await checkAnswers(await openai.files.content(batch.output_file_id ?? ''));
}

/** Every line exactly once. */
async function checkAnswers({ body }: Response): Promise<void> {
  if (body === null) throw new Error('the output file is empty');
  const seen = new Set<string>();
  for await (const text of createInterface({ input: Readable.fromWeb(body) })) {
    const customId = String(JSON.parse(text).custom_id);
    if (seen.has(customId)) throw new Error(`${customId} was answered twice`);
    seen.add(customId);
  }
  if (seen.size !== lines) throw new Error(`${seen.size} of ${lines} lines were answered`);
}
