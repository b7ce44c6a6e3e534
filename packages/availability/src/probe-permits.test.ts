import { expect, test } from 'vitest';
import { PROBE_LEASE_MS } from './cooldowns.ts';
import { NOON, openCooldowns } from './testing/cooled-target.ts';
import type { CooledTarget } from './testing/cooled-target.ts';

const END = NOON + 60_000;

/** A target whose cool-down ends at END. */
async function cooled(): Promise<CooledTarget> {
  const target = openCooldowns();
  await target.fail();
  return target;
}

test('a target that never cooled needs no permit', async () => {
  const { cooldowns } = openCooldowns();
  expect(await cooldowns.takeProbe('a', 'm', NOON, 'job_1.1')).toBe('open');
});

test('nobody gets a permit while the target cools', async () => {
  const { cooldowns } = await cooled();
  expect(await cooldowns.takeProbe('a', 'm', END - 1, 'job_1.1')).toBe('cooling');
});

test('at the end of a cool-down one holder at a time gets the permit, and may ask again', async () => {
  const { cooldowns } = await cooled();
  const asked = ['job_1.1', 'job_2.1', 'job_3.1', 'job_4.1'].map((holder) =>
    cooldowns.takeProbe('a', 'm', END, holder),
  );
  expect((await Promise.all(asked)).toSorted()).toEqual(['busy', 'busy', 'busy', 'probe']);
  const [entry] = await cooldowns.read('a');
  const [holder] = Object.keys(entry!.probes);
  expect(await cooldowns.takeProbe('a', 'm', END + 1, holder!)).toBe('probe');
});

test('a probe that runs longer than its lease frees a second one', async () => {
  const { cooldowns } = await cooled();
  await cooldowns.takeProbe('a', 'm', END, 'job_1.1');
  expect(await cooldowns.takeProbe('a', 'm', END + PROBE_LEASE_MS - 1, 'job_2.1')).toBe('busy');
  expect(await cooldowns.takeProbe('a', 'm', END + PROBE_LEASE_MS, 'job_2.1')).toBe('probe');
});

test('a permit that is given back is free at once, and only its holder can give it back', async () => {
  const { cooldowns } = await cooled();
  await cooldowns.takeProbe('a', 'm', END, 'job_1.1');
  await cooldowns.releaseProbe('a', 'm', END, 'job_2.1');
  expect(await cooldowns.takeProbe('a', 'm', END, 'job_2.1')).toBe('busy');
  await cooldowns.releaseProbe('a', 'm', END, 'job_1.1');
  expect(await cooldowns.takeProbe('a', 'm', END, 'job_2.1')).toBe('probe');
});

test('a probe that succeeds opens the target to everybody', async () => {
  const { cooldowns } = await cooled();
  await cooldowns.takeProbe('a', 'm', END, 'job_1.1');
  expect(await cooldowns.reportSuccess('a', 'm', END, END + 100)).toBe(true);
  expect(await cooldowns.takeProbe('a', 'm', END + 100, 'job_2.1')).toBe('open');
});

test('a probe that fails begins the next cool-down without a permit taken', async () => {
  const { cooldowns, fail } = await cooled();
  await cooldowns.takeProbe('a', 'm', END, 'job_1.1');
  expect(await fail({ now: END + 100, callStartedAt: END, counted: true })).toMatchObject({
    cooling: true,
    until: END + 100 + 60_000,
    failures: 2,
    probes: {},
  });
});
