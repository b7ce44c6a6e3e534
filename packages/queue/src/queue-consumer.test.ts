import { SCHEMA_VERSION, queueEntryId } from '@understudy/contracts';
import { createLogger } from '@understudy/runtime';
import { Queue } from 'bullmq';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis } from '../../../test/support/redis.ts';
import { queueName, queuePrefix } from './queue-name.ts';
import { collect, openQueue } from './testing/served-queue.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

/** What a worker says of a turn that another one can serve. */
const LEFT = ['left', 'unreadable'] as const;

/** What BullMQ keeps once for each queue: settings, counters, and its short event stream. */
const QUEUE_KEYS = ['meta', 'id', 'pc', 'events', 'marker', 'stalled-check'];

test('a handler gets the turn that was added', async () => {
  const queue = openQueue();
  const served = collect<unknown>(1);
  await queue.serve((entry) => served.push(entry));
  await queue.add('job_1', 7, 3);
  expect(await served.all).toEqual([{ v: 1, project: 'acme', id: 'job_1', turn: 3 }]);
});

test('a turn that is added again while it waits or runs is served once', async () => {
  const queue = openQueue();
  const served = collect<string>(2);
  await queue.add('job_1', 7);
  await queue.add('job_1', 7);
  await queue.serve(async ({ id, turn }) => {
    served.push(`${id}.${turn}`);
    // While it runs; a later turn shows that nothing came between.
    await queue.add('job_1', 7);
    if (turn === 1) await queue.add('job_1', 8, 2);
  });
  expect(await served.all).toEqual(['job_1.1', 'job_1.2']);
});

test('a turn that was taken out is not served', async () => {
  const queue = openQueue();
  const served = collect<string>(1);
  await queue.add('job_1', 1);
  await queue.add('job_2', 2);
  await queue.producer.remove('a', { project: 'acme', id: 'job_1', turn: 1 });
  await queue.serve(({ id }) => served.push(id));
  expect(await served.all).toEqual(['job_2']);
});

test('no more turns run at a time than the provider takes, over all replicas', async () => {
  const queue = openQueue();
  const served = collect<string>(12);
  const open = { now: 0, most: 0 };
  const handle = async ({ id }: { id: string }): Promise<void> => {
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    // A few round trips, in which an unlimited replica would start its own.
    for (let times = 0; times < 5; times += 1) await queue.redis.ping();
    open.now -= 1;
    served.push(id);
  };
  for (let index = 0; index < 12; index += 1) await queue.add(`job_${index}`, 1);
  await queue.serve(handle, { concurrency: 3 });
  await queue.serve(handle, { concurrency: 3 });
  await served.all;
  expect(open.most).toBeGreaterThan(1);
  expect(open.most).toBeLessThanOrEqual(3);
});

test('at 120 requests a minute two turns start in each second', async () => {
  const queue = openQueue();
  const starts = collect<number>(6);
  for (let index = 0; index < 6; index += 1) await queue.add(`job_${index}`, 1);
  await queue.serve(() => starts.push(performance.now()), {
    concurrency: 6,
    requestsPerMinute: 120,
  });
  const times = await starts.all;
  const startedWithin = (windowMs: number): number =>
    times.filter((time) => time - times[0]! < windowMs).length;
  // Redis counts from before the first start is known here: half a second is for that.
  expect(startedWithin(500)).toBeLessThanOrEqual(2);
  expect(startedWithin(1500)).toBeLessThanOrEqual(4);
  expect(startedWithin(4000)).toBe(6);
});

test('closing waits for the turn that runs and takes no other', async () => {
  const queue = openQueue();
  const [begun, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended: string[] = [];
  await queue.add('job_1', 1);
  await queue.add('job_2', 2);
  const consumer = await queue.serve(async ({ id }) => {
    begun.resolve();
    await hold.promise;
    ended.push(id);
  });
  await begun.promise;
  const closed = consumer.close().then(() => ended.push('closed'));
  expect(await queue.producer.active('a')).toMatchObject([{ id: 'job_1' }]);
  hold.resolve();
  await closed;
  expect(ended).toEqual(['job_1', 'closed']);
  expect(await queue.producer.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('a handler that throws loses its entry, which is logged, and serves on', async () => {
  const queue = openQueue();
  const lines: string[] = [];
  const served = collect<string>(2);
  await queue.serve(
    ({ id }) => {
      served.push(id);
      if (id === 'job_1') throw new Error('a fault of the broker');
    },
    { logger: createLogger('test', 'error', { write: (line) => lines.push(line) }) },
  );
  await queue.add('job_1', 1);
  await queue.add('job_2', 1);
  await served.all;
  await expect
    .poll(() => queue.producer.counts('a'))
    .toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { provider: 'a', job: 'job_1', project: 'acme', err: { message: 'a fault of the broker' } },
  ]);
});

test('nothing is left in Redis of turns that were served', async () => {
  const queue = openQueue();
  const served = collect<string>(20);
  const consumer = await queue.serve(({ id }) => served.push(id), { concurrency: 4 });
  for (let index = 0; index < 20; index += 1) await queue.add(`job_${index}`, 1 + index);
  await served.all;
  await consumer.close();
  const keys = await matchingKeys(queue.redis, `${queue.prefix}*`);
  const left = keys.map((key) => key.slice(key.lastIndexOf(':') + 1)).toSorted();
  for (const name of left) expect(QUEUE_KEYS).toContain(name);
  expect(keys.every((key) => key.includes('{a}'))).toBe(true);
});

test('of turns that are asked for together each is answered for itself', async () => {
  const { add, producer } = openQueue();
  await add('job_1', 1);
  await add('job_3', 2);
  const found = (...ids: string[]) =>
    Promise.all(ids.map((id) => producer.has('a', { project: 'acme', id, turn: 1 })));
  expect(await found('job_1', 'job_2', 'job_3')).toEqual([true, false, true]);
  expect(await found('job_1', 'job_3', 'job_1')).toEqual([true, true, true]);
});

test.each(LEFT)('a turn that is %s comes again later, at its own number', async (service) => {
  const queue = openQueue();
  const served = collect<string>(4);
  const left: boolean[] = [];
  // Both are there before the first start: a turn that was left rests for a short time.
  await queue.add('job_1', 7);
  await queue.add('job_2', 9);
  await queue.serve(async ({ id }) => {
    served.push(id);
    const entry = { project: 'acme', id: 'job_1', turn: 1 };
    if (id === 'job_2') left.push(await queue.producer.has('a', entry));
    // The second time its worker can read it.
    return id === 'job_1' && served.count() === 1 ? service : 'served';
  });
  await vi.waitFor(() => expect(served.count()).toBe(3), 10_000);
  await queue.add('job_3', 1);
  expect(await served.all).toEqual(['job_1', 'job_2', 'job_1', 'job_3']);
  expect(left).toEqual([true]);
  await vi.waitFor(async () =>
    expect(await queue.producer.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 }),
  );
});

test('a turn that has not come yet comes again, and no more after its sixth start', async () => {
  const queue = openQueue();
  const starts = collect<string>(8);
  await queue.serve(({ id, turn }) => {
    starts.push(`${id}.${turn}`);
    return id === 'never' || starts.count() === 1 ? 'early' : 'served';
  });
  await queue.add('once', 7);
  await vi.waitFor(() => expect(starts.count()).toBe(2));
  await queue.add('never', 7);
  await vi.waitFor(() => expect(starts.count()).toBe(8), 8000);
  expect(await starts.all).toEqual([
    ...Array.from({ length: 2 }, () => 'once.1'),
    ...Array.from({ length: 6 }, () => 'never.1'),
  ]);
  await vi.waitFor(async () =>
    expect(await queue.producer.has('a', { project: 'acme', id: 'never', turn: 1 })).toBe(false),
  );
});

test('an entry of a newer version is left without being looked at', async () => {
  const queue = openQueue();
  const served = collect<string>(1);
  await queue.serve(({ id }) => served.push(id));
  const newer = new Queue(queueName('a'), {
    connection: openTestRedis(),
    prefix: queuePrefix(queue.prefix),
  });
  onTestFinished(() => newer.close());
  const entry = { v: SCHEMA_VERSION + 1, project: 'acme', id: 'job_1', turn: 1 };
  await newer.add('turn', entry, { jobId: queueEntryId(entry), priority: 1 });
  await vi.waitFor(async () => expect(await newer.getDelayedCount()).toBe(1));
  expect(await queue.producer.counts('a')).toEqual({ waiting: 0, active: 0, resting: 1 });
  await queue.add('job_2', 9);
  expect(await served.all).toEqual(['job_2']);
  expect(await queue.producer.has('a', entry)).toBe(true);
});
