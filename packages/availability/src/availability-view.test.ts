import type { Cooldown } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { openTestRedis } from '../../../test/support/redis.ts';
import { createAvailabilityView } from './availability-view.ts';
import type { AvailabilityView } from './availability-view.ts';
import { NOON, openCooldowns } from './testing/cooled-target.ts';
import type { CooledTarget } from './testing/cooled-target.ts';
import { subscribeToMarks } from './testing/heard-marks.ts';

interface Watched extends CooledTarget {
  view: AvailabilityView;
  /** Resolves when the view knows of all that was published before. */
  heard(): Promise<void>;
}

/** What another process sees of the cool-downs. */
async function watch(): Promise<Watched> {
  const target = openCooldowns();
  const subscriber = openTestRedis();
  const view = createAvailabilityView(target.cooldowns, subscriber, target.prefix);
  const heard = await subscribeToMarks(subscriber, target.prefix);
  return { ...target, view, heard };
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

test('a process that starts later reads what it missed, and its listeners are told', async () => {
  const { cooldowns, fail, prefix } = openCooldowns();
  await fail();
  const view = createAvailabilityView(cooldowns, openTestRedis(), prefix);
  const told: (Cooldown | undefined)[] = [];
  view.onChange((cooldown) => told.push(cooldown));
  await view.reload(['a', 'b']);
  expect(view.state('a', 'm', NOON)).toMatchObject({ kind: 'cooling' });
  expect(told).toMatchObject([{ provider: 'a', model: 'm' }, undefined]);
});
