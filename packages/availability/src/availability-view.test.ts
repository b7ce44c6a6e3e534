import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Cooldown } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { openTestRedis, openTestSubscriber } from '../../../test/support/redis.ts';
import { createAvailabilityView } from './availability-view.ts';
import type { AvailabilityChange, AvailabilityView } from './availability-view.ts';
import { createPauseView } from './pause-view.ts';
import { availabilityChannel, pauseChannel, providerKeys } from './provider-keys.ts';
import { NOON, openCooldowns } from './testing/cooled-target.ts';
import type { CooledTarget } from './testing/cooled-target.ts';
import { subscribeToMarks } from './testing/heard-marks.ts';

interface Watched extends CooledTarget {
  view: AvailabilityView;
  /** The time by which the view forgets. */
  clock: { at: number };
  /** Resolves when the view knows of all that was published before. */
  heard(): Promise<void>;
}

/** What another process sees of the cool-downs. */
async function watch(): Promise<Watched> {
  const target = openCooldowns();
  const subscriber = openTestSubscriber();
  const pauseView = createPauseView(target.pauses, subscriber, target.prefix);
  const clock = { at: 0 };
  const view = createAvailabilityView(target.cooldowns, pauseView, subscriber, target.prefix, {
    monotonic: () => clock.at,
  });
  const heard = await subscribeToMarks(subscriber, target.prefix);
  return { ...target, view, clock, heard };
}

test('a cool-down that another process reports is known by its message', async () => {
  const { view, fail, heard } = await watch();
  expect(view.state('a', 'm', NOON)).toEqual({ kind: 'open' });
  await fail();
  await heard();
  expect(view.state('a', 'm', NOON + 1)).toMatchObject({ kind: 'cooling', until: NOON + 60_000 });
  expect(view.state('a', 'other', NOON + 1)).toEqual({ kind: 'open' });
  expect(view.state('b', 'm', NOON + 1)).toEqual({ kind: 'open' });
});

test('after a cool-down the target is half open, probed, and open again', async () => {
  const { view, fail, cooldowns, heard } = await watch();
  await fail();
  await heard();
  const end = NOON + 60_000;
  expect(view.state('a', 'm', end)).toMatchObject({ kind: 'half_open', probing: false });
  await cooldowns.takeProbe('a', 'm', end, 'job_1.1');
  await heard();
  expect(view.state('a', 'm', end + 1)).toMatchObject({
    kind: 'half_open',
    probing: true,
    until: end + 15_000,
  });
  expect(view.state('a', 'm', end + 15_000)).toMatchObject({ kind: 'half_open', probing: false });
  await cooldowns.reportSuccess('a', 'm', end, end + 50);
  await heard();
  expect(view.state('a', 'm', end + 60)).toEqual({ kind: 'open', since: end + 50 });
});

test('a cool-down of the provider covers every model, and the longer one holds', async () => {
  const { view, fail, heard } = await watch();
  await fail({ scope: 'provider', delayMs: 5000 });
  await fail({ delayMs: 1000 });
  await heard();
  expect(view.state('a', 'm', NOON)).toMatchObject({ kind: 'cooling', until: NOON + 5000 });
  expect(view.state('a', 'other', NOON)).toMatchObject({ kind: 'cooling', until: NOON + 5000 });
  const halfOpen = view.state('a', 'm', NOON + 5000);
  expect(halfOpen.kind === 'half_open' && halfOpen.cooldowns.map(({ model }) => model)).toEqual([
    '*',
    'm',
  ]);
});

test('a message that comes late never overwrites a newer one', async () => {
  const { view, fail } = await watch();
  const first = (await fail())!;
  const newer: Cooldown = { ...first, until: NOON + 1, revision: first.revision + 1 };
  view.apply(newer);
  view.apply(first);
  expect(view.cooldowns('a')).toEqual([newer]);
});

test('only targets in trouble want to hear of a success', async () => {
  const { view, count, fail, cooldowns, heard } = await watch();
  expect(view.suspects('a', 'm')).toEqual([]);
  await count('job_1');
  await heard();
  expect(view.suspects('a', 'm')).toEqual(['m']);
  await cooldowns.reportSuccess('a', 'm', NOON, NOON);
  await heard();
  expect(view.suspects('a', 'm')).toEqual([]);
  await fail({ scope: 'provider' });
  await heard();
  expect(view.suspects('a', 'm')).toEqual(['*']);
});

test('names at which failures were counted are forgotten when these count no more', async () => {
  const { view, count, clock, heard } = await watch();
  const names = Array.from({ length: 1000 }, (_, index) => `made-up-${index}`);
  await Promise.all(names.map((model) => count('job_1', { model })));
  await heard();
  clock.at += 30_000;
  await view.reload(['a']);
  expect(names.flatMap((model) => view.suspects('a', model))).toEqual(names);
  await count('job_2', { model: names[0]! });
  await heard();
  clock.at += 1000;
  await view.reload(['a']);
  expect(names.flatMap((model) => view.suspects('a', model))).toEqual([names[0]]);
});

test('a process that starts later reads what it missed, and its listeners are told', async () => {
  const { cooldowns, pauses, fail, prefix } = openCooldowns();
  await fail();
  await pauses.pause('b', NOON);
  const pauseView = createPauseView(pauses, openTestSubscriber(), prefix);
  const view = createAvailabilityView(cooldowns, pauseView, openTestSubscriber(), prefix, {
    monotonic: () => 0,
  });
  const told: (AvailabilityChange | undefined)[] = [];
  view.onChange((change) => told.push(change));
  await view.reload(['a', 'b', 'c']);
  expect(view.state('a', 'm', NOON)).toMatchObject({ kind: 'cooling' });
  expect(view.state('b', 'm', NOON)).toEqual({ kind: 'paused', since: NOON });
  expect(told).toEqual([
    { provider: 'b', opened: false },
    { provider: 'a', opened: false },
    undefined,
  ]);
});

test('a view forgets what Redis has forgotten, and heeds the next cool-down of that name', async () => {
  const { view, fail, heard, prefix } = await watch();
  const { cooldowns } = providerKeys(prefix, 'a');
  const redis = openTestRedis();
  await fail();
  await fail({ now: NOON + 70_000, callStartedAt: NOON + 70_000 });
  await fail({ model: 'other' });
  await heard();
  await redis.hdel(cooldowns, 'm');
  // Before the view has looked again.
  const anew = NOON + 200_000;
  await fail({ now: anew, callStartedAt: anew });
  await heard();
  expect(view.state('a', 'm', anew)).toMatchObject({ kind: 'cooling', until: anew + 60_000 });
  await redis.hdel(cooldowns, 'm');
  await view.reload(['a']);
  expect(view.cooldowns('a').map(({ model }) => model)).toEqual(['other']);
  expect(view.state('a', 'm', anew)).toEqual({ kind: 'open' });
  // What a newer release says of it is no reason to forget what was understood.
  await redis.hset(cooldowns, 'other', JSON.stringify({ v: SCHEMA_VERSION + 1 }));
  await view.reload(['a']);
  expect(view.cooldowns('a').map(({ model }) => model)).toEqual(['other']);
});

test('while an operator has paused it a target is paused, whatever else holds', async () => {
  const { view, fail, pauses, cooldowns, heard } = await watch();
  await fail({ delayMs: 1000 });
  await pauses.pause('a', NOON, 'invoices');
  await heard();
  expect(view.pause('a')).toMatchObject({ paused: true, since: NOON, reason: 'invoices' });
  expect(view.state('a', 'm', NOON)).toEqual({ kind: 'paused', since: NOON });
  // Half open but for the pause: no probe goes through.
  expect(view.state('a', 'm', NOON + 2000)).toEqual({ kind: 'paused', since: NOON });
  expect(view.state('b', 'm', NOON)).toEqual({ kind: 'open' });
  await pauses.resume('a', NOON + 2000);
  await heard();
  expect(view.state('a', 'm', NOON + 2000)).toMatchObject({ kind: 'half_open' });
  await cooldowns.reportSuccess('a', 'm', NOON + 1500, NOON + 1600);
  await heard();
  expect(view.state('a', 'm', NOON + 2000)).toEqual({
    kind: 'open',
    since: NOON + 2000,
    byOperator: true,
  });
});

test('a pause or a resume is heeded though Redis has lost what was said before', async () => {
  const { view, pauses, heard, prefix } = await watch();
  const redis = openTestRedis();
  for (const at of [1, 2, 3]) await pauses.pause('a', NOON + at, `reason ${at}`);
  await heard();
  await redis.del(providerKeys(prefix, 'a').pause);
  await pauses.resume('a', NOON + 1000);
  await heard();
  expect(view.state('a', 'm', NOON + 1000)).toMatchObject({ kind: 'open', since: NOON + 1000 });
  await redis.del(providerKeys(prefix, 'a').pause);
  await pauses.pause('a', NOON + 2000);
  await heard();
  expect(view.state('a', 'm', NOON + 2000)).toEqual({ kind: 'paused', since: NOON + 2000 });
});

test('a pause that Redis has lost ends with the next look, and one of which it lost the end holds', async () => {
  const { view, pauses, heard, prefix } = await watch();
  const redis = openTestRedis();
  const key = providerKeys(prefix, 'a').pause;
  await pauses.pause('a', NOON);
  const paused = await redis.get(key);
  await pauses.resume('a', NOON + 1000);
  await heard();
  await redis.set(key, paused!);
  const told: (AvailabilityChange | undefined)[] = [];
  view.onChange((change) => told.push(change));
  await view.reload(['a']);
  expect(view.state('a', 'm', NOON + 2000)).toEqual({ kind: 'paused', since: NOON });
  await redis.del(key);
  await view.reload(['a']);
  expect(view.pause('a')).toBeUndefined();
  expect(view.state('a', 'm', NOON + 2000)).toEqual({ kind: 'open' });
  await view.reload(['a']);
  expect(told.filter((change) => change !== undefined)).toEqual([
    { provider: 'a', opened: false },
    { provider: 'a', opened: true },
  ]);
  // What a newer release says of it is no reason to forget what was understood.
  await pauses.pause('a', NOON + 3000);
  await heard();
  await redis.set(key, JSON.stringify({ v: SCHEMA_VERSION + 1 }));
  await view.reload(['a']);
  expect(view.pause('a')).toMatchObject({ paused: true });
});

test('whatever becomes of a cool-down is heard though Redis has lost what was said before', async () => {
  const { view, fail, cooldowns, heard, prefix } = await watch();
  const redis = openTestRedis();
  const key = providerKeys(prefix, 'a').cooldowns;
  const holder = 'job_1.1';
  let now = NOON + 60_000;
  await fail();
  await cooldowns.takeProbe('a', 'm', now, holder);
  const kept = (await redis.hget(key, 'm'))!;
  const changes: (() => Promise<unknown>)[] = [
    () => cooldowns.takeProbe('a', 'm', now, holder),
    () => cooldowns.releaseProbe('a', 'm', now, holder),
    () => cooldowns.reportSuccess('a', 'm', now, now),
    () => cooldowns.clear('a', 'm', now),
    () => fail({ now, callStartedAt: now }),
  ];
  for (const change of changes) {
    now += 10;
    await cooldowns.takeProbe('a', 'm', now, holder);
    await redis.hset(key, 'm', kept);
    now += 10;
    await change();
    await heard();
    expect(view.cooldowns('a')).toEqual(await cooldowns.read('a'));
    await redis.hset(key, 'm', kept);
  }
});

test('a cool-down that an operator clears is over at once, and the next is as short as the first', async () => {
  const { view, fail, cooldowns, heard } = await watch();
  await fail();
  await fail({ model: 'other' });
  await fail({ scope: 'provider' });
  await heard();
  const told: (AvailabilityChange | undefined)[] = [];
  view.onChange((change) => told.push(change));
  const one = await cooldowns.clear('a', 'm', NOON + 5);
  expect(one).toMatchObject([{ model: 'm', cooling: false, until: NOON + 5, failures: 0 }]);
  await heard();
  expect(view.state('a', 'm', NOON + 5)).toMatchObject({ kind: 'cooling' });
  const rest = await cooldowns.clear('a', undefined, NOON + 6);
  expect(rest.map(({ model }) => model).toSorted()).toEqual(['*', 'other']);
  await heard();
  expect(view.state('a', 'm', NOON + 6)).toEqual({
    kind: 'open',
    since: NOON + 6,
    byOperator: true,
  });
  expect(told).toEqual(Array.from({ length: 3 }, () => ({ provider: 'a', opened: true })));
  expect(await cooldowns.clear('a', undefined, NOON + 7)).toEqual([]);
  expect(await fail({ now: NOON + 8, callStartedAt: NOON + 8 })).toMatchObject({ failures: 1 });
});

test('a message that only newer releases understand is passed over, and the next is heard', async () => {
  const { view, fail, heard, prefix } = await watch();
  const redis = openTestRedis();
  const channel = availabilityChannel(prefix);
  await redis.publish(channel, JSON.stringify({ kind: 'drained', provider: 'a', model: 'm' }));
  await redis.publish(pauseChannel(prefix), JSON.stringify({ v: SCHEMA_VERSION + 1 }));
  await redis.publish(channel, 'no JSON');
  await fail();
  await heard();
  expect(view.state('a', 'm', NOON + 1)).toMatchObject({ kind: 'cooling' });
  expect(view.pause('a')).toBeUndefined();
});
