import { expect, test } from 'vitest';
import { NOON, openCooldowns } from './testing/cooled-target.ts';

test('failures of three different jobs within 30 s close a target', async () => {
  const { count, cooldowns } = openCooldowns();
  expect(await count('job_1')).toBeUndefined();
  expect(await count('job_2', { now: NOON + 15_000 })).toBeUndefined();
  expect(await cooldowns.read('a')).toEqual([]);
  expect(await count('job_3', { now: NOON + 30_000 })).toMatchObject({
    cooling: true,
    model: 'm',
    scope: 'model',
    started_at: NOON + 30_000,
    until: NOON + 90_000,
    failures: 1,
  });
});

test('one job that fails again and again counts once', async () => {
  const { count } = openCooldowns();
  for (let times = 0; times < 5; times += 1) expect(await count('job_1')).toBeUndefined();
  expect(await count('job_2')).toBeUndefined();
  expect(await count('job_3')).toBeDefined();
});

test('failures that lie further apart than 30 s do not add up', async () => {
  const { count } = openCooldowns();
  await count('job_1');
  await count('job_2', { now: NOON + 20_000 });
  expect(await count('job_3', { now: NOON + 30_001 })).toBeUndefined();
});

test('a success between clears the count', async () => {
  const { count, cooldowns } = openCooldowns();
  await count('job_1');
  await count('job_2');
  expect(await cooldowns.reportSuccess('a', 'm', NOON, NOON)).toBe(false);
  expect(await count('job_3')).toBeUndefined();
  expect(await count('job_4')).toBeUndefined();
  expect(await count('job_5')).toBeDefined();
});

test('failures at other models do not count here', async () => {
  const { count } = openCooldowns();
  await count('job_1', { model: 'other' });
  await count('job_2', { model: 'other' });
  expect(await count('job_3')).toBeUndefined();
});

test('failures in a row are counted for the length of the next, and a success halves them', async () => {
  const { fail, cooldowns } = openCooldowns();
  let now = NOON;
  for (let times = 1; times <= 5; times += 1) {
    const entry = await fail({ now, callStartedAt: now });
    expect(entry).toMatchObject({ failures: times, until: now + 60_000 });
    now = entry!.until;
  }
  expect(await cooldowns.reportSuccess('a', 'm', now, now)).toBe(true);
  expect(await cooldowns.read('a')).toMatchObject([{ cooling: false, until: now, failures: 2 }]);
  expect(await fail({ now, callStartedAt: now })).toMatchObject({ cooling: true, failures: 3 });
});

test('a failure from before the end of a cool-down never lengthens it', async () => {
  const { fail } = openCooldowns();
  const first = await fail();
  const late = await fail({ now: NOON + 50_000, callStartedAt: NOON - 5000, holder: 'job_2.1' });
  expect(late).toEqual(first);
  const returned = await fail({
    now: NOON + 70_000,
    callStartedAt: NOON - 5000,
    delayMs: 999_999,
  });
  expect(returned).toEqual(first);
});

test('a success from before a cool-down does not end it, one from after its start does', async () => {
  const { fail, cooldowns } = openCooldowns();
  await fail();
  expect(await cooldowns.reportSuccess('a', 'm', NOON - 1, NOON + 10)).toBe(false);
  expect(await cooldowns.read('a')).toMatchObject([{ cooling: true }]);
  expect(await cooldowns.reportSuccess('a', 'm', NOON, NOON + 20)).toBe(true);
});

test('account trouble closes the provider as a whole and asks for an operator', async () => {
  const { fail, cooldowns } = openCooldowns();
  expect(await fail({ scope: 'provider', alert: true, rule: 'default.status_401' })).toMatchObject({
    scope: 'provider',
    model: '*',
    alert: true,
    rule: 'default.status_401',
  });
  expect(await cooldowns.read('b')).toEqual([]);
});

test('models that nobody has called for a day after they cooled make room for new names', async () => {
  const { fail, cooldowns } = openCooldowns();
  const day = 86_400_000;
  const failAll = async (name: string, now: number): Promise<void> => {
    for (let index = 0; index < 200; index += 1) {
      await fail({ model: `${name}-${index}`, now, callStartedAt: now });
    }
  };
  await fail({ scope: 'provider' });
  await failAll('old', NOON);
  await failAll('young', NOON + 60_000);
  expect(await cooldowns.read('a')).toHaveLength(401);
  // The old ones were over a minute after noon.
  await failAll('new', NOON + day + 60_001);
  const models = (await cooldowns.read('a')).map(({ model }) => model);
  const count = (name: string): number => models.filter((model) => model.startsWith(name)).length;
  expect(count('old')).toBeLessThan(20);
  expect([count('young'), count('new'), count('*')]).toEqual([200, 200, 1]);
});
