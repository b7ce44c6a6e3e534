import type { JobEvent } from '@understudy/contracts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestSubscriber } from '../../../test/support/redis.ts';
import { subscribeToChanges } from './job-changes.ts';
import { jobKeys, shardOf } from './job-keys.ts';
import { readOutbox, trimOutbox } from './job-outbox.ts';
import { NOON, completion, handOver, openStore } from './testing/stored-jobs.ts';

const shard = shardOf('job_1');

test('each change that settles something stands in the outbox, in order', async () => {
  const { redis, prefix, store, submit } = openStore();
  const request = await submit();
  await store.begin(request, 1, NOON, NOON);
  await store.transition(request, handOver({ token: 1 }));
  await store.transition(request, completion({ turn: 2, nextTurn: 3 }));
  const entries = (await readOutbox(redis, prefix, [shard], 10)).get(shard);
  expect(entries).toMatchObject([
    { v: 1, project: 'acme', id: 'job_1', version: 1, status: 'queued' },
    { version: 3, status: 'queued' },
    { version: 4, status: 'completed' },
  ]);
});

test('an entry holds what says something alone, and one that says nothing in so many words is read alike', async () => {
  const { redis, prefix, submit } = openStore();
  await submit();
  const { outbox } = jobKeys(prefix, { project: 'acme', id: 'job_1' });
  const [written] = await redis.xrange(outbox, '-', '+');
  const own = ['p', 'acme', 'j', 'job_1', 'v', '1', 's', 'queued'];
  expect(written?.[1]).toEqual([...own, 'o', expect.any(String)]);
  await redis.xadd(outbox, '*', ...written![1], 'f', '', 'k', '', 'c', '', 'a', '');
  const [entry, wordy] = (await readOutbox(redis, prefix, [shard], 10)).get(shard) ?? [];
  expect(wordy).toEqual({ ...entry, entryId: wordy?.entryId });
});

test('a change that a guard forbids leaves nothing in the outbox', async () => {
  const { redis, prefix, store, submit } = openStore();
  const request = await submit();
  await store.transition(request, completion({ turn: 7 }));
  expect((await readOutbox(redis, prefix, [shard], 10)).get(shard)).toHaveLength(1);
});

test('what was relayed is forgotten, and nothing after it', async () => {
  const { redis, prefix, store, submit } = openStore();
  const request = await submit();
  await store.transition(request, handOver({ turn: 1 }));
  const [first] = (await readOutbox(redis, prefix, [shard], 1)).get(shard) ?? [];
  await trimOutbox(redis, prefix, new Map([[shard, first!.entryId]]));
  expect((await readOutbox(redis, prefix, [shard], 10)).get(shard)).toMatchObject([{ version: 2 }]);
});

test('whoever watches a job hears of its changes until it stops, and of no other job', async () => {
  const { prefix, store, submit } = openStore();
  const subscriber = openTestSubscriber();
  const listening = Promise.withResolvers<void>();
  const changes = subscribeToChanges(subscriber, prefix);
  const heard: JobEvent[] = [];
  const completed = Promise.withResolvers<void>();
  const stop = changes.watch('job_1', (event) => {
    if (event === undefined) return listening.resolve();
    heard.push(event);
    if (event.status === 'completed') completed.resolve();
  });
  onTestFinished(stop);
  await listening.promise;
  const [one, two] = [await submit({ id: 'job_1' }), await submit({ id: 'job_2' })];
  await store.transition(two, completion());
  await store.transition(one, completion());
  await completed.promise;
  expect(heard).toMatchObject([{ id: 'job_1', project: 'acme', version: 2, status: 'completed' }]);
});

test('only of shards whose jobs somebody watches messages come, and again when one watches anew', async () => {
  const { prefix, store, submit } = openStore();
  const subscriber = openTestSubscriber();
  let messages = 0;
  subscriber.on('message', () => (messages += 1));
  const changes = subscribeToChanges(subscriber, prefix, 0);
  let jobs = 0;
  const idOf = (ofShard: (itsShard: number) => boolean): string => {
    const id = `job_${(jobs += 1)}`;
    return ofShard(shardOf(id)) ? id : idOf(ofShard);
  };
  const messagesOf = async (id: string): Promise<number> => {
    messages = 0;
    await store.transition(await submit({ id }), completion());
    // Whatever was sent before has come when this is answered.
    await subscriber.subscribe(`${prefix}:${id}`);
    return messages;
  };
  const watched = shardOf('job_a');
  const messagesOfWatched = () => messagesOf(idOf((other) => other === watched));
  expect(await messagesOfWatched()).toBe(0);
  for (let times = 0; times < 2; times += 1) {
    const listening = Promise.withResolvers<void>();
    const stop = changes.watch('job_a', () => listening.resolve());
    await listening.promise;
    await vi.waitFor(async () => expect(await messagesOfWatched()).toBe(1));
    expect(await messagesOf(idOf((other) => other !== watched))).toBe(0);
    stop();
    await vi.waitFor(async () => expect(await messagesOfWatched()).toBe(0));
  }
});
