/**
 * What a good engineer writes by hand to get a file of requests answered: reads the lines of an
 * upload, stores and queues them in bulk, and when the last one has ended writes the answers to a
 * file in the order of the lines. `POST /batch` takes the lines and answers when the file is there.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { DONE_CHANNEL, environmentVariable, QUEUE_NAME, recordKey } from './settings.ts';

const CHUNK = 500;
const LOW_PRIORITY = 8;

const redis = new Redis(environmentVariable('REDIS_URL'), { maxRetriesPerRequest: null });
const subscriber = redis.duplicate();
const queue = new Queue<null>(QUEUE_NAME, {
  connection: redis,
  streams: { events: { maxLen: 1000 } },
});
let batches = 0;

createServer((request, response) => {
  run(request).then(
    () => response.end('{}'),
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
}).listen(Number(environmentVariable('PORT')), '127.0.0.1');

async function run(request: IncomingMessage): Promise<void> {
  const batch = (batches += 1);
  const ends = await countEnds();
  const customIds: string[] = [];
  let chunk: { id: string; payload: string }[] = [];
  const flush = async (): Promise<void> => {
    const pipeline = redis.pipeline();
    for (const { id, payload } of chunk) {
      pipeline.hset(recordKey(id), { status: 'queued', payload, created_at: Date.now() });
    }
    await pipeline.exec();
    const jobs = chunk.map(({ id }) => ({
      name: 'job',
      data: null,
      opts: { jobId: id, priority: LOW_PRIORITY },
    }));
    await queue.addBulk(jobs);
    chunk = [];
  };
  for await (const text of createInterface({ input: request })) {
    const line = JSON.parse(text);
    customIds.push(line.custom_id);
    chunk.push({ id: idOf(batch, customIds.length), payload: JSON.stringify(line.body) });
    if (chunk.length === CHUNK) await flush();
  }
  await flush();
  await ends.reached(customIds.length);
  await writeAnswers(batch, customIds);
}

async function writeAnswers(batch: number, customIds: readonly string[]): Promise<void> {
  const file = createWriteStream(environmentVariable('YARDSTICK_ANSWERS'));
  for (let start = 0; start < customIds.length; start += CHUNK) {
    const part = customIds.slice(start, start + CHUNK);
    const pipeline = redis.pipeline();
    for (const [index] of part.entries()) {
      pipeline.hget(recordKey(idOf(batch, start + index + 1)), 'result');
    }
    const replies = (await pipeline.exec()) ?? [];
    for (const [index, customId] of part.entries()) {
      const result = replies[index]?.[1];
      if (typeof result !== 'string') throw new Error(`${customId} has no answer`);
      file.write(`{"custom_id":${JSON.stringify(customId)},"body":${result}}\n`);
    }
  }
  await finished(file.end());
}

async function countEnds(): Promise<{ reached(count: number): Promise<void> }> {
  let ended = 0;
  let wanted = Infinity;
  const { promise, resolve } = Promise.withResolvers<void>();
  subscriber.removeAllListeners('message');
  subscriber.on('message', () => {
    ended += 1;
    if (ended >= wanted) resolve();
  });
  await subscriber.subscribe(DONE_CHANNEL);
  return {
    reached: (count) => {
      wanted = count;
      if (ended >= wanted) resolve();
      return promise;
    },
  };
}

function idOf(batch: number, line: number): string {
  return createHash('sha1').update(`${batch}/${line}`).digest('hex');
}
