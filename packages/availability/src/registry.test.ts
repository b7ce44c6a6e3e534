import type { Registration } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import { expect, test, vi } from 'vitest';
import { openTestRedis, openTestSubscriber, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { providerKeys } from './provider-keys.ts';
import { createRegistryView, createRegistryWriter } from './registry.ts';
import type { RegistryView, RegistryWriter } from './registry.ts';

function registration(provider: string, given: Partial<Registration> = {}): Registration {
  return {
    v: SCHEMA_VERSION,
    provider,
    kind: 'openai',
    vendor: 'openai',
    dialects: ['chat-completions'],
    dialects_by_model: {},
    models: { m: 'm-there' },
    accepts: [],
    retired: {},
    overrides: {},
    passthrough: false,
    concurrency: 4,
    ...given,
  };
}

interface RegistryScene {
  redis: Redis;
  prefix: string;
  view: RegistryView;
  clock: { at: number };
  startWorker(name: string): RegistryWriter;
}

function openRegistry(): RegistryScene {
  const [redis, subscriber, prefix] = [openTestRedis(), openTestSubscriber(), uniqueKeyPrefix()];
  const clock = { at: 1_000_000 };
  const following = { now: () => clock.at, monotonic: () => clock.at };
  return {
    redis,
    prefix,
    clock,
    view: createRegistryView(redis, subscriber, prefix, following),
    startWorker: (name) => createRegistryWriter(redis, prefix, name, following),
  };
}

test('a provider is alive while a worker has beaten within 30 s, and then 6 s in doubt', async () => {
  const { view, clock, startWorker } = openRegistry();
  const worker = startWorker('w1');
  await worker.register([registration('a')]);
  await view.reload(['a', 'b']);
  expect([view.isAlive('a'), view.isAlive('b')]).toEqual([true, false]);
  clock.at += 30_000;
  await view.reload(['a', 'b']);
  expect(view.isAlive('a')).toBe(true);
  clock.at += 1;
  await view.reload(['a', 'b']);
  expect(view.isAlive('a')).toBe(true);
  clock.at += 5999;
  await view.reload(['a', 'b']);
  expect(view.isAlive('a')).toBe(true);
  clock.at += 1;
  await view.reload(['a', 'b']);
  expect(view.isAlive('a')).toBe(false);
  await worker.beat();
  await view.reload(['a', 'b']);
  expect(view.isAlive('a')).toBe(true);
});

test('a beat that waited for Redis is told again, with the time it has by then', async () => {
  const { view, clock, startWorker } = openRegistry();
  // It has looked and seen nobody, so it doubts nothing.
  await view.reload(['a']);
  const worker = startWorker('w1');
  await worker.register([registration('a')]);
  const beating = worker.beat();
  // The command has its time already; before its answer comes, 40 s pass.
  clock.at += 40_000;
  await beating;
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(true);
});

test('a view that was cut off for long takes nobody for dead before workers can be back', async () => {
  const { view, clock, startWorker } = openRegistry();
  const worker = startWorker('w1');
  await worker.register([registration('a')]);
  await view.reload(['a']);
  clock.at += 40_000;
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(true);
  clock.at += 2000;
  await worker.beat();
  clock.at += 5000;
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(true);
});

test('what a worker said of a provider is known after its death', async () => {
  const { view, clock, startWorker } = openRegistry();
  await startWorker('w1').register([registration('a')]);
  clock.at += 60_000;
  // The first look may be one of many after an outage.
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(true);
  clock.at += 6000;
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(false);
  expect(view.registration('a')).toEqual(registration('a'));
  expect(view.registration('b')).toBeUndefined();
});

test('one of two workers that leaves takes nothing with it, the second does', async () => {
  const { view, startWorker } = openRegistry();
  const [one, two] = [startWorker('w1'), startWorker('w2')];
  await one.register([registration('a')]);
  await two.register([registration('a')]);
  await one.leave();
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(true);
  await two.leave();
  await view.reload(['a']);
  expect(view.isAlive('a')).toBe(false);
});

test('reloading says whether anything changed', async () => {
  const { view, startWorker } = openRegistry();
  const worker = startWorker('w1');
  expect(await view.reload(['a'])).toBe(false);
  await worker.register([registration('a')]);
  expect(await view.reload(['a'])).toBe(true);
  expect(await view.reload(['a'])).toBe(false);
  await worker.register([registration('a', { concurrency: 8 })]);
  expect(await view.reload(['a'])).toBe(true);
  expect(view.registration('a')?.concurrency).toBe(8);
  await worker.leave();
  expect(await view.reload(['a'])).toBe(true);
});

test('a worker that comes or leaves is announced', async () => {
  const { view, startWorker } = openRegistry();
  let heard = 0;
  view.onAnnouncement(() => (heard += 1));
  const worker = startWorker('w1');
  await vi.waitFor(async () => {
    // The subscription of the view may not have reached Redis yet.
    await worker.register([registration('a')]);
    expect(heard).toBeGreaterThan(0);
  });
  const before = heard;
  await worker.leave();
  await vi.waitFor(() => expect(heard).toBeGreaterThan(before));
});

test('what a newer worker says in words unknown here is passed over, and stops no other provider', async () => {
  const { view, startWorker, redis, prefix } = openRegistry();
  await startWorker('w1').register([registration('a'), registration('b')]);
  await view.reload(['a', 'b']);
  const newer = { ...registration('a'), v: SCHEMA_VERSION + 1, concurrency: 99 };
  const unknown = { ...registration('c'), dialects: ['telepathy'] };
  await redis.set(providerKeys(prefix, 'a').registration, JSON.stringify(newer));
  await redis.set(providerKeys(prefix, 'c').registration, JSON.stringify(unknown));
  await startWorker('w2').register([registration('b', { concurrency: 8 })]);
  expect(await view.reload(['a', 'c', 'b'])).toBe(true);
  expect(view.registration('a')).toEqual(registration('a'));
  expect(view.registration('c')).toBeUndefined();
  expect(view.registration('b')?.concurrency).toBe(8);
});
