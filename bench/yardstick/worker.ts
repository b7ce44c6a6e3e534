/** The other half: takes a job, posts its payload to the provider, stores the answer. */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import {
  DONE_CHANNEL,
  environmentVariable,
  QUEUE_NAME,
  recordKey,
  RESULT_TTL_SECONDS,
} from './settings.ts';

const CONCURRENCY = 200;
/** Calls are held while a million jobs are put into the queue behind them. */
const CALL_TIMEOUT_MS = 10_800_000;

const upstream = new URL(environmentVariable('YARDSTICK_UPSTREAM'));
const pool = new Pool(upstream.origin, {
  connections: CONCURRENCY,
  headersTimeout: CALL_TIMEOUT_MS,
  bodyTimeout: CALL_TIMEOUT_MS,
});
const redis = new Redis(environmentVariable('REDIS_URL'), { maxRetriesPerRequest: null });

const worker = new Worker<null>(QUEUE_NAME, (job) => complete(job.id ?? ''), {
  connection: redis.duplicate(),
  concurrency: CONCURRENCY,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
});
worker.on('error', (error) => console.error(error));

async function complete(id: string): Promise<void> {
  const key = recordKey(id);
  const payload = await redis.hgetBuffer(key, 'payload');
  if (payload === null) return;
  const answer = await pool.request({
    method: 'POST',
    path: `${upstream.pathname}/chat/completions`,
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: payload,
  });
  const bytes = Buffer.from(await answer.body.bytes());
  const end =
    answer.statusCode === 200
      ? { status: 'completed', result: bytes }
      : { status: 'failed', error: `the provider answered ${answer.statusCode}` };
  await redis
    .multi()
    .hset(key, { ...end, completed_at: new Date().toISOString() })
    .expire(key, RESULT_TTL_SECONDS)
    .publish(DONE_CHANNEL, id)
    .exec();
}
