import { expect, test } from 'vitest';
import { ab, called, plan, queuedAt, skipped } from './testing/planned-scene.ts';
import { NOON, cooling } from './testing/routing-scene.ts';

test('a new job goes to the first open target', () => {
  const planned = plan({ a: {}, b: {} });
  expect(planned).toMatchObject({ kind: 'queue', skips: [] });
  expect(planned.progress).toMatchObject({
    route: 'm',
    visited: ['a'],
    place: {
      kind: 'queue',
      since: NOON,
      planned: { target: 'a', provider: 'a', kind: 'openai', model_sent: 'm-at-a' },
    },
  });
});

test('the place says when the job loses patience, and how long a call may take', () => {
  const { progress } = plan(
    { a: {} },
    {},
    {
      m: { targets: [{ provider: 'a', model: 'x', maxQueueWaitMs: 60_000, timeoutMs: 300_000 }] },
    },
  );
  expect(progress.place).toMatchObject({
    leave_at: NOON + 60_000,
    planned: { target: 'a/x', model_drawn: 'x', model_sent: 'x', timeout_ms: 300_000 },
  });
});

test('a line of a batch stands in a queue for as long as it takes', () => {
  const impatient = {
    m: { targets: [{ provider: 'a', maxQueueWaitMs: 60_000 }, { provider: 'b' }] },
  };
  const request = { batch: { id: 'batch_1', line: 1, custom_id: 'one' } };
  const line = plan({ a: {}, b: {} }, {}, impatient, { request });
  expect(queuedAt(line)).toBe('a');
  expect(line.progress.place).not.toHaveProperty('leave_at');
  expect(plan({ a: {}, b: {} }, {}, impatient).progress.place).toHaveProperty('leave_at');
});

test('visited and closed targets are passed by without a word', () => {
  expect(queuedAt(plan({ a: {}, b: {} }, called('a')))).toBe('b');
  const planned = plan({ a: {}, b: {} }, { closed: { a: 'default.status_404' } });
  expect(queuedAt(planned)).toBe('b');
  expect(planned.skips).toEqual([]);
});

test.each([
  ['unmapped', { registration: { models: {} } }],
  ['retired', { registration: { retired: { m: '2026-11-22' } } }],
  ['dialect_unsupported', { registration: { dialects: ['embeddings' as const] } }],
])('a target where the model is %s is skipped for good', (rule, provider) => {
  const planned = plan({ a: provider, b: {} });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', rule]]);
  expect(planned.progress.closed).toEqual({ a: rule });
});

test('a target that names a retired model itself is still called', () => {
  const planned = plan(
    { a: { registration: { retired: { m: '2026-01-01' } } } },
    {},
    {
      m: { targets: [{ provider: 'a', model: 'm' }] },
    },
  );
  expect(queuedAt(planned)).toBe('a/m');
});

test('a cooling target is skipped for now, and stays open to the job', () => {
  const planned = plan({ a: { availability: cooling(NOON + 5000) }, b: {} });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'cooling_down']]);
  expect(planned.progress.closed).toEqual({});
});

test('at the end of a cool-down a job goes there unless another one probes', () => {
  const halfOpen = { kind: 'half_open', probing: false, until: NOON } as const;
  expect(queuedAt(plan({ a: { availability: halfOpen }, b: {} }))).toBe('a');
  const probed = plan({ a: { availability: { ...halfOpen, probing: true } }, b: {} });
  expect(queuedAt(probed)).toBe('b');
  expect(skipped(probed)).toEqual([['a', 'cooling_down']]);
});

test('a job whose calls are spent fails', () => {
  const planned = plan({ a: {}, b: {} }, { calls: 25 });
  expect(planned).toMatchObject({ kind: 'fail', code: 'max_calls' });
});

const costing = (amount: number, status: 'known' | 'partial' = 'known') =>
  ({ cost: { status, amount, currency: 'USD', prices_as_of: '2026-11-01' } }) as const;

test.each([
  ['reached', costing(0.5)],
  ['passed', costing(0.7, 'partial')],
])('a job whose calls have %s what it may cost is sent nowhere else', (_, cost) => {
  const progress = { ...called('a'), ...cost };
  const planned = plan({ a: {}, b: {} }, progress, ab, { request: { max_cost: 0.5 } });
  expect(planned).toMatchObject({ kind: 'fail', code: 'max_cost', skips: [] });
  expect(planned.progress.cost).toEqual(cost.cost);
  expect(queuedAt(plan({ a: {}, b: {} }, progress))).toBe('b');
});

test.each([
  ['none was made', {}],
  ['they cost less', costing(0.49)],
  ['nobody knows what they cost', { cost: { status: 'unknown', reason: 'no price' } as const }],
])('a job goes on within what it may cost where of its calls %s', (_, cost) => {
  const progress = { ...called('a'), ...cost };
  const planned = plan({ a: {}, b: {} }, progress, ab, { request: { max_cost: 0.5 } });
  expect(queuedAt(planned)).toBe('b');
});

test('a job with no target left fails and says by which rules', () => {
  const planned = plan(
    { a: { registration: { models: {} } }, b: {} },
    { closed: { b: 'default.status_404' } },
  );
  expect(planned).toMatchObject({ kind: 'fail', code: 'no_target_left' });
  expect(skipped(planned)).toEqual([['a', 'unmapped']]);
  expect(planned.progress.closed).toEqual({ a: 'unmapped', b: 'default.status_404' });
});

test('a provider without a live worker is passed over for a later one that has', () => {
  const planned = plan({ a: { alive: false }, b: {} });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'no_worker']]);
});

test('when no provider has a live worker the job stands in the first queue', () => {
  const planned = plan({ a: { alive: false }, b: { alive: false } });
  expect(queuedAt(planned)).toBe('a');
  expect(skipped(planned)).toEqual([['b', 'no_worker']]);
});

test('a provider that never registered takes the job into its queue when nobody else is there', () => {
  const planned = plan(
    { a: { registration: null, alive: false } },
    {},
    {
      m: { targets: [{ provider: 'a' }] },
    },
  );
  expect(queuedAt(planned)).toBe('a');
});

test('a body too long for one window goes on only to larger windows', () => {
  const route = {
    m: {
      targets: [
        { provider: 'a', contextWindow: 200_000 },
        { provider: 'b' },
        { provider: 'c', contextWindow: 1_000_000 },
      ],
    },
  };
  const planned = plan({ a: {}, b: {}, c: {} }, { window_exceeded: 200_000 }, route);
  expect(queuedAt(planned)).toBe('c');
  expect(skipped(planned)).toEqual([
    ['a', 'window_too_small'],
    ['b', 'window_too_small'],
  ]);
});

test.each([
  ['the route allows only others', { providers: { only: ['b'] } }, {}],
  ['the route excepts it', { providers: { except: ['a'] } }, {}],
  ['the job allows only others', {}, { providers: { only: ['b'] } }],
  ['the job excepts it', {}, { providers: { except: ['a'] } }],
])('a provider is skipped for good where %s', (_, route, request) => {
  const planned = plan({ a: {}, b: {} }, {}, { m: { ...ab.m, ...route } }, { request });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'provider_excluded']]);
});

test.each([
  ['its project allows only others', { only: ['b'] }],
  ['its project excepts it', { except: ['a'] }],
])('a provider is skipped for good where %s, whatever the job asks for', (_, rule) => {
  const settings = { projectProviders: { acme: rule } };
  const request = { project: 'acme', providers: { except: ['c'] } };
  const planned = plan({ a: {}, b: {} }, {}, ab, { request, settings });
  expect(queuedAt(planned)).toBe('b');
  expect(skipped(planned)).toEqual([['a', 'provider_excluded']]);
  expect(queuedAt(plan({ a: {}, b: {} }, {}, ab, { settings }))).toBe('a');
  const named = plan({ a: {}, b: {} }, {}, ab, { settings, request: { project: 'constructor' } });
  expect(queuedAt(named)).toBe('a');
});

test('a target added while the job lives is used at its next step', () => {
  const failed = { closed: { a: 'default.status_404' } };
  const before = plan({ a: {} }, failed, { m: { targets: [{ provider: 'a' }] } });
  expect(before).toMatchObject({ kind: 'fail' });
  expect(queuedAt(plan({ a: {}, b: {} }, failed))).toBe('b');
});

test('a job whose route is gone fails and says so', () => {
  const planned = plan({}, {}, {});
  expect(planned).toMatchObject({ kind: 'fail', code: 'route_gone' });
});
