import { expect, test } from 'vitest';
import { ab, called, plan } from './testing/planned-scene.ts';
import { NOON, cooling, jobProgress } from './testing/routing-scene.ts';

test('when every target cools the job waits in all their rooms for the earliest', () => {
  const planned = plan({
    a: { availability: cooling(NOON + 9000) },
    b: { availability: cooling(NOON + 5000) },
  });
  expect(planned.kind).toBe('wait');
  expect(planned.progress.place).toEqual({
    kind: 'waiting',
    since: NOON,
    reason: 'cooling_down',
    until: NOON + 5000,
    rooms: [
      { provider: 'a', model: 'm-at-a' },
      { provider: 'b', model: 'm-at-b' },
    ],
  });
  expect(planned.progress.waits).toEqual([
    { reason: 'cooling_down', started_at: NOON, until: NOON + 5000 },
  ]);
});

test('a target closed for good to the job has no waiting room', () => {
  const providers = {
    a: { availability: cooling(NOON + 1) },
    b: { availability: cooling(NOON + 5) },
  };
  const { progress } = plan(providers, { closed: { a: 'unmapped' } });
  expect(progress.place).toMatchObject({ until: NOON + 5, rooms: [{ provider: 'b' }] });
});

function pauseMs(round: number): number {
  const { progress } = plan({ a: {}, b: {} }, { ...called('a', 'b'), round });
  return progress.place.kind === 'waiting' ? (progress.place.wake_at ?? 0) - NOON : 0;
}

test('after failures that cool nothing the pause grows from 1 s to 5 min', () => {
  expect([1, 2, 3, 4].map(pauseMs)).toEqual([1000, 2000, 4000, 8000]);
  expect([9, 10, 25, 2000].map(pauseMs)).toEqual([256_000, 300_000, 300_000, 300_000]);
});

test('a pause is jittered by up to a quarter', () => {
  const { progress } = plan({ a: {}, b: {} }, called('a', 'b'), ab, { random: 0 });
  expect(progress.place).toMatchObject({
    reason: 'backoff',
    wake_at: NOON + 750,
    until: NOON + 750,
  });
});

test('where some cool and some only failed, whichever is over first releases the job', () => {
  const planned = plan({ a: { availability: cooling(NOON + 500) }, b: {} }, called('a', 'b'));
  expect(planned.progress.place).toMatchObject({
    reason: 'cooling_down',
    until: NOON + 500,
    wake_at: NOON + 1000,
    rooms: [{ provider: 'a', model: 'm-at-a' }],
  });
});

test('a wait after a call begins a new round with every target unvisited', () => {
  const { progress } = plan({ a: {}, b: {} }, called('a', 'b'));
  expect(progress).toMatchObject({ round: 2, round_calls: 0, visited: [], calls: 2 });
});

test('waiting again without a call in between is the same round and the same wait', () => {
  const providers = { a: { availability: cooling(NOON + 5000) } };
  const route = { m: { targets: [{ provider: 'a' }] } };
  const first = plan(providers, {}, route);
  const again = plan({ a: { availability: cooling(NOON + 30_000) } }, first.progress, route, {
    now: NOON + 5000,
  });
  expect(again.progress.round).toBe(1);
  expect(again.progress.waits).toEqual([
    { reason: 'cooling_down', started_at: NOON, until: NOON + 30_000 },
  ]);
});

test('a wait ends when the job goes to a target, and only the last 20 are kept', () => {
  const waits = Array.from({ length: 20 }, (_, index) => ({
    reason: 'backoff' as const,
    started_at: NOON - 100 + index,
    until: NOON,
    ...(index < 19 ? { ended_at: NOON } : {}),
  }));
  const queued = plan({ a: {}, b: {} }, { waits });
  expect(queued.progress.waits.at(-1)).toMatchObject({ ended_at: NOON });
  const waiting = plan({ a: {}, b: {} }, { waits: queued.progress.waits, ...called('a', 'b') });
  expect(waiting.progress.waits).toHaveLength(20);
  expect(waiting.progress.waits.at(-1)).toMatchObject({ reason: 'backoff', started_at: NOON });
});

test('those who wait beside a provider without a worker do not all come back at once', () => {
  const providers = { a: { availability: cooling(NOON + 3_600_000) }, b: { alive: false } };
  const { progress } = plan(providers);
  const now = NOON + 200_000;
  const again = [0, 1].map((random) => plan(providers, progress, ab, { now, random }));
  expect(again.map((planned) => planned.progress.place)).toMatchObject([
    { wake_at: now + 150_000 },
    { wake_at: now + 200_000 },
  ]);
});

test('a job that waits beside a provider without a worker looks ever less often', () => {
  const providers = { a: { availability: cooling(NOON + 3_600_000) }, b: { alive: false } };
  let progress = jobProgress();
  let now = NOON;
  const pauses: number[] = [];
  for (let looks = 0; looks < 20 && now < NOON + 3_600_000; looks += 1) {
    const planned = plan(providers, progress, ab, { now });
    ({ progress } = planned);
    if (progress.place.kind !== 'waiting') throw new Error('the job does not wait');
    pauses.push(progress.place.until - now);
    now = progress.place.until;
  }
  expect(pauses[0]).toBe(1000);
  expect(Math.max(...pauses)).toBeGreaterThan(200_000);
  expect(now).toBeGreaterThanOrEqual(NOON + 3_000_000);
});

test('a paused target is passed over, and the job goes to the next', () => {
  const planned = plan({ a: { availability: { kind: 'paused' } }, b: {} });
  expect(planned.kind).toBe('queue');
  expect(planned.skips.map(({ candidate, rule }) => [candidate.planned.target, rule])).toEqual([
    ['a', 'paused'],
  ]);
  expect(planned.progress.place).toMatchObject({ planned: { provider: 'b' } });
});

test('when every target is paused the job waits in their rooms until somebody resumes one', () => {
  const planned = plan({
    a: { availability: { kind: 'paused' } },
    b: { availability: { kind: 'paused' }, alive: false },
  });
  expect(planned.progress.place).toEqual({
    kind: 'waiting',
    since: NOON,
    reason: 'paused',
    until: NOON + 86_400_000,
    rooms: [
      { provider: 'a', model: 'm-at-a' },
      { provider: 'b', model: 'm-at-b' },
    ],
  });
});

test('where one is paused and another cools, the job waits for the one that cools', () => {
  const { progress } = plan({
    a: { availability: { kind: 'paused' } },
    b: { availability: cooling(NOON + 5000) },
  });
  expect(progress.place).toMatchObject({ reason: 'cooling_down', until: NOON + 5000 });
  expect(progress.place).toMatchObject({ rooms: [{ provider: 'a' }, { provider: 'b' }] });
});
