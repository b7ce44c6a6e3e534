import { once } from 'node:events';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { startBroker } from './broker-contender.ts';
import { eventually, startNode } from './child-process.ts';
import { jobPayload, type JobClient } from './contender.ts';
import { measureThroughput } from './measure-throughput.ts';
import { startRedis } from './redis-server.ts';
import { startUpstream } from './upstream.ts';

const PENDING = 5000;
const ROUNDS = 3;
const LOAD = { jobs: 4000, requestBytes: 1000, clientConcurrency: 64 };
const SUBMITTERS = 32;

/**
 * Completions per second while 5 000 deliveries wait for a receiver that never answers, against
 * the same broker without. Both are measured in turn in one run; only their ratio is quoted.
 */
async function measureDeadReceiver(): Promise<void> {
  // The API and the deliverer read it: the dead receiver is on this machine.
  process.env['UNDERSTUDY_OUTBOUND_ALLOW'] = '127.0.0.0/8';
  const receiver = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const redis = await startRedis();
  const upstream = await startUpstream(0);
  const contender = await startBroker({ redisUrl: redis.url, upstream }, LOAD.clientConcurrency);
  const deliverer = startNode(
    'webhook-deliverer',
    new URL('../services/webhook-deliverer/src/main.ts', import.meta.url),
    { REDIS_URL: redis.url, UNDERSTUDY_KEY_PREFIX: 'bench', LOG_LEVEL: 'warn' },
  );
  const database = new Redis(redis.url);
  const measured = { without: [] as number[], with: [] as number[] };
  try {
    await measureThroughput(contender, { redis, upstream }, LOAD);
    for (let round = 0; round < ROUNDS; round += 1) {
      const url = `http://127.0.0.1:${port}/dead/${round}`;
      measured.without.push(
        (await measureThroughput(contender, { redis, upstream }, LOAD)).jobsPerSecond,
      );
      await makePending(contender.client, database, url);
      measured.with.push(
        (await measureThroughput(contender, { redis, upstream }, LOAD)).jobsPerSecond,
      );
      await forgetPending(database);
    }
    const ratio = mean(measured.with) / mean(measured.without);
    console.log(JSON.stringify({ pending: PENDING, ...measured, ratio }));
  } finally {
    database.disconnect();
    await Promise.all([contender.stop(), deliverer.stop()]);
    await upstream.stop();
    await redis.stop();
    receiver.closeAllConnections();
    receiver.close();
  }
}

/** Jobs that complete, each with an event for the dead receiver. */
async function makePending(client: JobClient, redis: Redis, url: string): Promise<void> {
  const job: unknown = JSON.parse(jobPayload(1000).toString());
  const payload = Buffer.from(JSON.stringify({ ...Object(job), callback: { url } }));
  let left = PENDING;
  const submit = async () => {
    while (left > 0) {
      left -= 1;
      // On a crowded machine an answer may take too long; only what was accepted counts.
      await client.submit(payload).catch(() => (left += 1));
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submit));
  await eventually(`${PENDING} pending deliveries`, 120_000, async () => {
    const [open] = await openSets(redis);
    return open !== undefined && (await redis.zcard(open)) >= PENDING ? true : undefined;
  });
}

/** So that the next round begins as the first did: nothing waits for anybody. */
async function forgetPending(redis: Redis): Promise<void> {
  const keys = await redis.keys('bench:{wh:*');
  for (let start = 0; start < keys.length; start += 1000) {
    await redis.unlink(...keys.slice(start, start + 1000));
  }
}

function openSets(redis: Redis): Promise<string[]> {
  return redis.keys('bench:{wh:cb_*}:open');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

await measureDeadReceiver();
