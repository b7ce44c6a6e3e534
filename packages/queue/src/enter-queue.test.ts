import { queueEntryId } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { matchingKeys } from '../../../test/support/matching-keys.ts';
import { NOON, openLine } from './testing/line.ts';
import { collect, openQueue } from './testing/served-queue.ts';
import type { ServedQueue } from './testing/served-queue.ts';

const ENTRY = { project: 'acme', id: 'job_1', turn: 1 };
const PLACE = { project: 'acme', priority: 5, submittedAt: NOON, comesBack: false } as const;

/** All that BullMQ keeps of a queue but its events and its counter of entries without an id. */
async function kept({ redis, prefix }: ServedQueue): Promise<Record<string, unknown>> {
  const keys = await matchingKeys(redis, `${prefix}:queue:*`);
  const values = await Promise.all(
    keys.map(async (key) => {
      const name = key.slice(key.lastIndexOf(':') + 1);
      const type = await redis.type(key);
      if (type === 'hash') return [name, await redis.hgetall(key)];
      if (type === 'zset') return [name, await redis.zrange(key, '0', '-1', 'WITHSCORES')];
      return [name, type === 'string' ? await redis.get(key) : type];
    }),
  );
  const { events: _events, id: _id, meta: _meta, ...rest } = Object.fromEntries(values);
  return rest;
}

test('what enters a queue is kept as BullMQ itself keeps what it adds', async () => {
  const [ours, bullmqs] = [openQueue(), openQueue()];
  const number = await openLine(ours).join({ id: 'job_1' });
  await bullmqs.add('job_1', number);
  const id = queueEntryId(ENTRY);
  const [entered, added] = await Promise.all([kept(ours), kept(bullmqs)]);
  const expected = added[id];
  expect(entered).toEqual({
    ...added,
    // BullMQ notes the id once more; it is in the key.
    [id]: {
      ...(typeof expected === 'object' ? expected : {}),
      timestamp: expect.stringMatching(/^\d{13}$/),
      opts: expect.toSatisfy((text: string) => {
        const { priority, attempts } = JSON.parse(text);
        return priority === number && attempts === 0;
      }),
    },
  });
});

test('a turn that enters again takes no number and changes nothing', async () => {
  const queue = openQueue();
  expect(await queue.producer.enter('a', ENTRY, PLACE, NOON)).toBe(true);
  const before = await kept(queue);
  const shares = await queue.redis.hgetall(`${queue.prefix}:{a}:shares:5`);
  expect(await queue.producer.enter('a', ENTRY, PLACE, NOON + 5)).toBe(false);
  expect(await kept(queue)).toEqual(before);
  expect(await queue.redis.hgetall(`${queue.prefix}:{a}:shares:5`)).toEqual(shares);
});

test('a worker that waits is woken, and what it is given says who moved the job', async () => {
  const queue = openQueue();
  const served = collect<unknown>(2);
  await queue.serve((entry) => served.push(entry));
  await queue.producer.enter('a', ENTRY, PLACE, NOON);
  await queue.producer.enter('a', { ...ENTRY, turn: 2, by: 3 }, PLACE, NOON);
  expect(await served.all).toEqual([
    { v: 1, ...ENTRY },
    { v: 1, ...ENTRY, turn: 2, by: 3 },
  ]);
});

test('nobody is woken while as many turns run as the provider takes', async () => {
  const queue = openQueue();
  const [begun, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const served = collect<number>(2);
  await queue.serve(async ({ turn }) => {
    begun.resolve();
    await hold.promise;
    served.push(turn);
  });
  await queue.producer.enter('a', ENTRY, PLACE, NOON);
  await begun.promise;
  const marker = `${queue.prefix}:queue:{a}:marker`;
  await queue.redis.del(marker);
  await queue.producer.enter('a', { ...ENTRY, turn: 2 }, PLACE, NOON);
  expect(await queue.redis.exists(marker)).toBe(0);
  hold.resolve();
  expect(await served.all).toEqual([1, 2]);
});
