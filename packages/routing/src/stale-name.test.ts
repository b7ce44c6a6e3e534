import { expect, test } from 'vitest';
import { explainRoute } from './explain-route.ts';
import { leavesStaleName } from './stale-name.ts';
import { ab, called, plan, queuedAt, skipped } from './testing/planned-scene.ts';
import { NOON, cooling, jobProgress, jobRequest, scene } from './testing/routing-scene.ts';

const STALE = { staleUntil: NOON + 60_000 };
const UNMAPPED = { registration: { models: {} } };

test('a target whose name is stale is passed over for now while another one stands', () => {
  const planned = plan({ a: STALE, b: {} });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'stale_name']]);
  expect(planned.progress.closed).toEqual({});
});

test('only the stale name is passed over, not the provider’s other names', () => {
  const stale = { staleUntil: { x: NOON + 1 } };
  const route = {
    m: {
      targets: [
        { provider: 'a', model: 'x' },
        { provider: 'a', model: 'y' },
      ],
    },
  };
  expect(queuedAt(plan({ a: stale }, {}, route))).toBe('a/y');
});

test('after its rest a stale name is called again', () => {
  const planned = plan({ a: { staleUntil: NOON }, b: {} });
  expect(queuedAt(planned)).toBe('a');
  expect(planned.skips).toEqual([]);
});

test.each([
  ['no other', {}, { m: { targets: [{ provider: 'a' }] } }],
  ['no other that is open to the job', { closed: { b: 'default.status_404' } }, ab],
])('a stale name is called all the same where the route has %s', (_, progress, route) => {
  const planned = plan({ a: STALE, b: {} }, progress, route);
  expect(queuedAt(planned)).toBe('a');
  expect(skipped(planned)).toEqual([]);
});

test('a target that can never take the job keeps no stale name from being called', () => {
  const planned = plan({ a: STALE, b: UNMAPPED });
  expect(queuedAt(planned)).toBe('a');
});

test('where every name is stale they are called in order', () => {
  expect(queuedAt(plan({ a: STALE, b: STALE }))).toBe('a');
  expect(queuedAt(plan({ a: STALE, b: STALE }, called('a')))).toBe('b');
});

test('a job whose other targets cool waits for them alone', () => {
  const planned = plan({ a: STALE, b: { availability: cooling(NOON + 90_000) } });
  expect(skipped(planned)).toEqual([
    ['a', 'stale_name'],
    ['b', 'cooling_down'],
  ]);
  const place = { kind: 'waiting', since: NOON, reason: 'cooling_down', until: NOON + 90_000 };
  expect(planned.progress.place).toEqual({
    ...place,
    rooms: [{ provider: 'b', model: 'm-at-b' }],
  });
});

test('a last target that is stale and cools is waited for like any other', () => {
  const both = { ...STALE, availability: cooling(NOON + 5000) };
  const { progress } = plan({ a: both, b: UNMAPPED });
  expect(progress.place).toMatchObject({ reason: 'cooling_down', rooms: [{ provider: 'a' }] });
});

test('beside a stale name a job still stands in the queue of a provider without a worker', () => {
  const planned = plan({ a: STALE, b: { alive: false } });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'stale_name']]);
});

test('a target of this round and a job whose calls are spent add no skip', () => {
  expect(skipped(plan({ a: STALE, b: {} }, called('a')))).toEqual([]);
  const spent = plan({ a: STALE, b: {} }, { calls: 25 });
  expect([spent.kind, skipped(spent)]).toEqual(['fail', []]);
});

/** Whether a job whose turn at `a` has come leaves it. */
function leaves(providers: Parameters<typeof scene>[0], closed = {}, route = ab): boolean {
  const planned = { target: 'a', provider: 'a' };
  const progress = jobProgress({ ...called('a'), closed });
  return leavesStaleName(jobRequest(), progress, planned, 'm-at-a', scene(providers, route), NOON);
}

test('a job whose turn comes at a name that has become stale leaves it for another target', () => {
  expect(leaves({ a: STALE, b: {} })).toBe(true);
  expect(leaves({ a: {}, b: {} })).toBe(false);
  expect(leaves({ a: { staleUntil: NOON }, b: {} })).toBe(false);
});

test('a job whose turn comes at its last target stays, stale or not', () => {
  expect(leaves({ a: STALE, b: {} }, { b: 'default.status_404' })).toBe(false);
  expect(leaves({ a: STALE, b: STALE })).toBe(false);
  expect(leaves({ a: STALE }, {}, { m: { targets: [{ provider: 'a' }] } })).toBe(false);
});

test('a job that goes by another name than the planned one does not count its own target', () => {
  const registered = {
    registration: { models: { m: 'renamed' } },
    staleUntil: { 'm-at-a': NOON + 1 },
  };
  expect(leaves({ a: registered }, {}, { m: { targets: [{ provider: 'a' }] } })).toBe(false);
});

const states = (...given: Parameters<typeof scene>): unknown[] =>
  explainRoute('m', undefined, scene(...given), NOON)?.targets.map(({ state, until }) =>
    until === undefined ? state : [state, until],
  ) ?? [];

test('a route explains which name is stale and until when, where a job would pass it over', () => {
  expect(states({ a: STALE, b: {} }, ab)).toEqual([['stale_name', NOON + 60_000], 'open']);
  expect(states({ a: STALE, b: UNMAPPED }, ab)).toEqual(['open', 'unmapped']);
  expect(states({ a: { ...STALE, availability: cooling(NOON + 5) }, b: {} }, ab)).toEqual([
    ['stale_name', NOON + 60_000],
    'open',
  ]);
});

test.each([
  [true, ['stale_name', NOON + 60_000]],
  [false, 'open'],
])('beside a drawn arm another one counts if it is a fallback: %s', (fallback, state) => {
  const split = [
    { provider: 'a', weight: 1, fallback },
    { provider: 'b', weight: 1, fallback },
  ];
  expect(states({ a: STALE, b: {} }, { m: { targets: [{ split }] } })).toEqual([state, 'open']);
});
