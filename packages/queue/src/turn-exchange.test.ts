import { Worker, createRedisBackend } from 'bullmq';
import type { BackendFactory, Job, RedisQueueBackend } from 'bullmq';
import { expect, onTestFinished, test, vi } from 'vitest';
import { matchingKeys } from '../../../test/support/matching-keys.ts';
import { openTestRedis } from '../../../test/support/redis.ts';
import { turnExchange } from './turn-exchange.ts';
import { queueKey, queueName, queuePrefix } from './queue-name.ts';
import { collect, openQueue } from './testing/served-queue.ts';
import type { ServedQueue } from './testing/served-queue.ts';
import { turnBackend } from './turn-backend.ts';

const LOCK_MS = 10_000;
const UNTOLD = ['events', 'id', 'meta', 'stalled-check'];

/** A worker of queue `a` that is asked for each turn, and serves none by itself. */
function openWorker(queue: ServedQueue, backend: BackendFactory<RedisQueueBackend>): Worker {
  const worker = new Worker(
    queueName('a'),
    null,
    {
      connection: openTestRedis(),
      prefix: queuePrefix(queue.prefix),
      lockDuration: LOCK_MS,
      removeOnComplete: { count: 0 },
    },
    backend,
  );
  onTestFinished(() => worker.close());
  return worker;
}

function openOurWorker(queue: ServedQueue): Worker {
  return openWorker(queue, turnBackend(queue.redis, queue.prefix, 'a', LOCK_MS));
}

async function taken(worker: Worker, token: string): Promise<Job> {
  const job = await worker.getNextJob(token);
  if (job === undefined) throw new Error('no entry was taken');
  return job;
}

/** What BullMQ keeps of a queue, by its names, but its settings and what nothing reads. */
async function kept({ redis, prefix }: ServedQueue): Promise<Record<string, unknown>> {
  const base = `${prefix}:queue:{a}:`;
  const keys = await matchingKeys(redis, `${base}*`);
  const told = keys.filter((key) => !UNTOLD.includes(key.slice(base.length)));
  const values = await Promise.all(
    told.map(async (key) => {
      const name = key.slice(base.length);
      const type = await redis.type(key);
      if (type === 'hash') {
        const { processedOn, timestamp: _timestamp, ...rest } = await redis.hgetall(key);
        return [name, { ...rest, isRunning: processedOn !== undefined }];
      }
      if (type === 'zset') return [name, await redis.zrange(key, '0', '-1', 'WITHSCORES')];
      if (type === 'list') return [name, await redis.lrange(key, 0, -1)];
      if (type === 'set') return [name, await redis.smembers(key)];
      return [name, await redis.get(key)];
    }),
  );
  return Object.fromEntries(values);
}

async function serveSome(queue: ServedQueue, worker: Worker): Promise<void> {
  for (let index = 1; index <= 5; index += 1) await queue.add(`job_${index}`, index);
  const first = await taken(worker, 'one');
  const second = await taken(worker, 'two');
  // As the check for stalled entries does.
  await queue.redis.sadd(queueKey(queue.prefix, 'a', 'stalled'), first.id ?? '', second.id ?? '');
  await first.moveToCompleted(undefined, 'one', true);
  await second.moveToCompleted(undefined, 'two', false);
}

test('a queue is left as BullMQ leaves it when turns end and others are taken', async () => {
  const [ours, bullmqs] = [openQueue(), openQueue()];
  await serveSome(ours, openOurWorker(ours));
  await serveSome(bullmqs, openWorker(bullmqs, createRedisBackend));
  const left = await kept(ours);
  expect(left).toEqual(await kept(bullmqs));
  expect(left['active']).toEqual([expect.stringContaining('job_3')]);
});

test('who takes the last entry is told what it is and how often it was started', async () => {
  const queue = openQueue();
  const worker = openOurWorker(queue);
  await queue.add('job_1', 1);
  const job = await taken(worker, 'one');
  expect(job.data).toEqual({ v: 1, project: 'acme', id: 'job_1', turn: 1 });
  expect(job.attemptsStarted).toBe(1);
  expect(await worker.getNextJob('two', { block: false })).toBeUndefined();
});

test('a worker that lost its lock is told so by BullMQ and changes nothing', async () => {
  const queue = openQueue();
  const worker = openOurWorker(queue);
  await queue.add('job_1', 1);
  await queue.add('job_2', 2);
  const job = await taken(worker, 'one');
  await queue.redis.set(queueKey(queue.prefix, 'a', `${job.id}:lock`), 'another');
  const before = await kept(queue);
  await expect(job.moveToCompleted(undefined, 'one', true)).rejects.toThrow(/lock/i);
  expect(await kept(queue)).toEqual(before);
});

test('an entry that stalled is served before those that wait', async () => {
  const queue = openQueue();
  const served = collect<string>(3);
  await queue.add('stalled', 9);
  const [id = ''] = await queue.redis.zrange(queueKey(queue.prefix, 'a', 'prioritized'), '0', '0');
  await queue.add('job_1', 1);
  await queue.add('job_2', 2);
  await queue.redis.zrem(queueKey(queue.prefix, 'a', 'prioritized'), id);
  await queue.serve(async (entry) => {
    served.push(entry.id);
    // Where the check for stalled entries puts one, while another runs.
    if (entry.id === 'job_1') await queue.redis.rpush(queueKey(queue.prefix, 'a', 'wait'), id);
  });
  expect(await served.all).toEqual(['job_1', 'stalled', 'job_2']);
});

test('turns that end together are exchanged by one script, each under its own token', async () => {
  const queue = openQueue();
  const exchange = turnExchange(queue.redis, queue.prefix, 'a', LOCK_MS);
  for (let index = 1; index <= 5; index += 1) await queue.add(`job_${index}`, index);
  const first = await exchange({ token: 'one', ended: '', takesNext: true });
  if (first.kind !== 'exchanged') throw new Error(first.kind);
  const sent = vi.spyOn(queue.redis, 'sendCommand');
  const exchanged = await Promise.all([
    exchange({ token: 'one', ended: first.next?.id ?? '', takesNext: true }),
    exchange({ token: 'two', ended: 'nobody-has-it', takesNext: true }),
    exchange({ token: 'three', ended: '', takesNext: true }),
  ]);
  expect(sent).toHaveBeenCalledTimes(1);
  expect(exchanged).toMatchObject([
    { kind: 'exchanged', next: { id: expect.stringContaining('job_2'), starts: 1 } },
    { kind: 'lost' },
    { kind: 'exchanged', next: { id: expect.stringContaining('job_3') } },
  ]);
  const held = exchanged.flatMap((one) => (one.kind === 'exchanged' ? [one.next?.id] : []));
  const locks = await Promise.all(
    held.map((id) => queue.redis.get(queueKey(queue.prefix, 'a', `${id}:lock`))),
  );
  expect(locks).toEqual(['one', 'three']);
});

test('workers are woken where entries wait and there is room for them, and not else', async () => {
  const queue = openQueue();
  const marker = queueKey(queue.prefix, 'a', 'marker');
  const exchange = turnExchange(queue.redis, queue.prefix, 'a', LOCK_MS);
  const wakesOthers = async (): Promise<boolean> => {
    await queue.redis.del(marker);
    await exchange({ token: 'any', ended: '', takesNext: true });
    return (await queue.redis.exists(marker)) === 1;
  };
  await queue.redis.hset(queueKey(queue.prefix, 'a', 'meta'), 'concurrency', 3);
  for (let index = 1; index <= 2; index += 1) await queue.add(`job_${index}`, index);
  expect(await wakesOthers()).toBe(true);
  expect(await wakesOthers()).toBe(false);
  for (let index = 3; index <= 5; index += 1) await queue.add(`job_${index}`, index);
  expect(await wakesOthers()).toBe(false);
  expect(await queue.producer.counts('a')).toEqual({ waiting: 2, active: 3, resting: 0 });
  expect(await wakesOthers()).toBe(false);
  expect(await queue.producer.counts('a')).toEqual({ waiting: 2, active: 3, resting: 0 });
});

test('a paused queue gives no entry', async () => {
  const queue = openQueue();
  const exchange = turnExchange(queue.redis, queue.prefix, 'a', LOCK_MS);
  await queue.add('job_1', 1);
  await queue.redis.hset(queueKey(queue.prefix, 'a', 'meta'), 'paused', 1);
  const exchanged = await exchange({ token: 'one', ended: '', takesNext: true });
  expect(exchanged).toEqual({ kind: 'exchanged', next: undefined });
  expect(await queue.producer.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});
