import type { JobEvent } from '@understudy/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { openTestSubscriber } from '../../../test/support/redis.ts';
import { subscribeToChanges } from './job-changes.ts';
import { shardOf } from './job-keys.ts';
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
  const changes = subscribeToChanges(subscriber, prefix, () => undefined);
  // A second subscription is answered after the first: from then on nothing is missed.
  await subscriber.subscribe(`${prefix}:ready`);
  const heard: JobEvent[] = [];
  const completed = Promise.withResolvers<void>();
  const stop = changes.watch('job_1', (event) => {
    heard.push(event);
    if (event.status === 'completed') completed.resolve();
  });
  onTestFinished(stop);
  const [one, two] = [await submit({ id: 'job_1' }), await submit({ id: 'job_2' })];
  await store.transition(two, completion());
  await store.transition(one, completion());
  await completed.promise;
  expect(heard).toMatchObject([{ id: 'job_1', project: 'acme', version: 2, status: 'completed' }]);
});
