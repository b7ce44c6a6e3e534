import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import OpenAI from 'openai';
import { Pool } from 'undici';
import { batchInput } from './batch-input.ts';
import { startBroker } from './broker-contender.ts';
import { eventually, freePort, startNode, type BenchProcess } from './child-process.ts';
import { API_KEY, MODEL, stopAll, type ContenderName } from './contender.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { Upstream } from './upstream.ts';

const LONGEST_MS = 1_800_000;

/** A program that answers batches. */
export interface BatchProgram {
  name: ContenderName;
  processes: readonly BenchProcess[];
  /**
   * From the first byte up to the last answer, then checks that every line was answered once.
   * @returns milliseconds to where the batch was accepted, if that is told, and to its end
   */
  answerAll(): Promise<{ acceptedMs?: number; endedMs: number }>;
  stop(): Promise<void>;
}

export interface BatchSetting {
  redisUrl: string;
  upstream: Upstream;
  lines: number;
  /** The broker asks a provider first that answers every third call with 429. */
  limitedFirst?: boolean;
  /** Its processes can be profiled. */
  profile?: boolean;
}

export function startBatchProgram(
  name: ContenderName,
  setting: BatchSetting,
): Promise<BatchProgram> {
  return name === 'broker' ? startBrokerBatch(setting) : startYardstickBatch(setting);
}

async function startYardstickBatch({
  redisUrl,
  upstream,
  lines,
  profile = false,
}: BatchSetting): Promise<BatchProgram> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const environment = {
    REDIS_URL: redisUrl,
    PORT: String(port),
    YARDSTICK_API_KEY: API_KEY,
    YARDSTICK_UPSTREAM: upstream.baseUrl,
    YARDSTICK_ANSWERS: join(folder.path, 'answers.jsonl'),
  };
  const processes = ['batch', 'worker'].map((name) =>
    startNode(name, new URL(`yardstick/${name}.ts`, import.meta.url), environment, {
      profiled: profile,
    }),
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
    answerAll: async () => {
      const startedAt = performance.now();
      await post(Readable.from(batchInput(lines)));
      const endedMs = performance.now() - startedAt;
      await checkAnswers(createReadStream(environment.YARDSTICK_ANSWERS), lines);
      return { endedMs };
    },
    stop: async () => {
      await pool.close();
      await stopAll(processes);
      await folder.remove();
    },
  };
}

async function startBrokerBatch(setting: BatchSetting): Promise<BatchProgram> {
  const { redisUrl, upstream, lines, limitedFirst = false, profile = false } = setting;
  const { baseUrl, limitedBaseUrl } = upstream;
  const limited = {
    providers: { limited: limitedBaseUrl, 'bench-upstream': baseUrl },
    routes: { [MODEL]: ['limited', 'bench-upstream'] },
  };
  const broker = await startBroker(
    { redisUrl, upstream, profile, withBatches: true, ...(limitedFirst ? limited : {}) },
    10,
  );
  return {
    name: 'broker',
    processes: broker.processes,
    answerAll: () => runBatch(broker.origin, lines),
    stop: broker.stop,
  };
}

/** As a script does that knows nothing of the broker: with the official SDK. */
async function runBatch(
  origin: string,
  lines: number,
): Promise<{ acceptedMs: number; endedMs: number }> {
  const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: API_KEY });
  const file = new File([...batchInput(lines)], 'input.jsonl');
  const startedAt = performance.now();
  const input = await openai.files.create({ file, purpose: 'batch' });
  const { id } = await openai.batches.create({
    input_file_id: input.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const acceptedMs = performance.now() - startedAt;
  const batch = await eventually(`the end of batch ${id}`, LONGEST_MS, async () => {
    const now = await openai.batches.retrieve(id);
    const ended = ['completed', 'failed', 'expired', 'cancelled'].includes(now.status);
    return ended ? now : undefined;
  });
  const endedMs = performance.now() - startedAt;
  const { total, completed } = batch.request_counts ?? {};
  if (batch.status !== 'completed' || total !== lines || completed !== lines) {
    throw new Error(`the batch ended ${JSON.stringify(batch)}`);
  }
  const { body } = await openai.files.content(batch.output_file_id ?? '');
  if (body === null) throw new Error('the output file is empty');
  await checkAnswers(Readable.fromWeb(body), lines);
  return { acceptedMs, endedMs };
}

/** Every line exactly once. */
async function checkAnswers(input: Readable, lines: number): Promise<void> {
  const seen = new Set<string>();
  for await (const text of createInterface({ input })) {
    const customId = String(JSON.parse(text).custom_id);
    if (seen.has(customId)) throw new Error(`${customId} was answered twice`);
    seen.add(customId);
  }
  if (seen.size !== lines) throw new Error(`${seen.size} of ${lines} lines were answered`);
}
