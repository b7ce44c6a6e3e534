import { createSealer } from '@understudy/sealing';
import { describe, expect, test } from 'vitest';
import { jobKeys } from './job-keys.ts';
import type { JobChange } from './job-store.ts';
import { readAttempts } from './read-attempts.ts';
import {
  BODY,
  FORMS,
  NOON,
  attempt,
  completion,
  handOver,
  jobRequest,
  openStore,
  queuedAt,
} from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

const [FIRST, DENSE] = FORMS.map(({ versions }) => versions);
const LEASE_CHECK = NOON + 30_000;
const SAID = { type: 'x', message: 'no model of this name', body: '{"e":"no model of this name"}' };
const SPENT = {
  usage: { input_tokens: 3, output_tokens: 5 },
  cost: { status: 'known' as const, amount: 0.25, currency: 'USD' as const, prices_as_of: 'today' },
};
const FAILED = attempt(1, { error: SAID, verdict: 'next', rule: 'a.rule', kind: 'openai' });
const ANSWERED = attempt(3, { outcome: 'succeeded', model_sent: 'm', model_served: 'm', ...SPENT });
const ENDED: JobChange = completion({
  token: 3,
  nextTurn: 3,
  progress: queuedAt('b'),
  appended: [ANSWERED],
  end: { v: 1, result: { provider: 'b', model: 'm' }, ...SPENT },
});

function twoStores(): Record<'first' | 'dense', StoreScene> {
  const first = openStore(createSealer([]), undefined, FIRST);
  return { first, dense: openStore(createSealer([]), first.prefix, DENSE) };
}

/** A failed call, a start that never ended, and an answer; whoever `at` says takes each step. */
async function live(id: string, at: readonly StoreScene[]) {
  const [create, fail, begin, again, end] = at.map(({ store }) => store);
  const request = jobRequest({ id });
  await create!.create(request, queuedAt('a'), BODY, [], LEASE_CHECK);
  await fail!.begin(request, 1, NOON, LEASE_CHECK);
  await fail!.transition(request, handOver({ token: 1, appended: [FAILED] }));
  await begin!.begin(request, 2, NOON + 20, LEASE_CHECK);
  await again!.begin(request, 2, NOON + 40, LEASE_CHECK);
  expect(await end!.transition(request, ENDED)).toMatchObject({ ok: true });
  return request;
}

/** Of five steps every choice of the form in which the service that takes it writes. */
const MIXTURES = Array.from({ length: 32 }, (_, choice) =>
  [0, 1, 2, 3, 4].map((step): 'first' | 'dense' => ((choice >> step) & 1 ? 'dense' : 'first')),
);

test('a job reads the same to the byte whoever wrote which part of it in which form', async () => {
  const stores = twoStores();
  const told = new Set<string>();
  for (const [index, forms] of MIXTURES.entries()) {
    const steps = forms.map((form) => stores[form]);
    const request = await live(`job_${index}`, steps);
    const { project, id } = request;
    const stored = await stores.first.store.read({ project, id });
    expect(await stores.dense.store.read({ project, id })).toEqual(stored);
    const [head] = await stores.dense.store.readHeads([{ project, id }]);
    expect(head).toEqual({ record: stored?.record, attempts: 3 });
    const [outline] = await stores.first.store.readOutlines([{ project, id }]);
    expect(stored?.record).toMatchObject(outline!);
    const { dialect, batch } = request;
    expect(await stores.first.store.readEnds([{ project, id }])).toEqual([
      { request: { project, id, dialect, batch }, status: 'completed' },
    ]);
    const { progress: _place, ...record } = stored!.record;
    told.add(JSON.stringify([record, stored!.attempts]).replaceAll(id, 'job'));
    const [single] = await readAttempts(
      stores.first.redis,
      stores.first.prefix,
      [{ project, id, number: 1 }],
      createSealer([]),
    );
    expect(single).toEqual(FAILED);
  }
  expect([...told]).toHaveLength(1);
});

test('the worker is given the same by either form, whatever the job brings along', async () => {
  for (const given of [
    {},
    { endpoint: '/v1/responses' as const, dialect: 'responses' as const, priority: 2, order: 7 },
    { expires_at: NOON + 3_600_000, metadata: { team: 'red' }, bytes: 41, fingerprint: 'one' },
  ]) {
    const { first, dense } = twoStores();
    const [one, two] = [await first.submit(given), await dense.submit({ ...given, id: 'job_2' })];
    const begun = await first.store.begin(one, 1, NOON + 5, LEASE_CHECK);
    const other = await dense.store.begin(two, 1, NOON + 5, LEASE_CHECK);
    expect(other).toEqual({ ...begun, request: { ...one, id: 'job_2' } });
    expect(begun).toMatchObject({ request: one, progress: queuedAt('a') });
  }
});

test('in the dense form a job has no key for its attempts, and none of its texts repeats its id', async () => {
  const { redis, prefix, submit, store } = openStore(createSealer([]), undefined, DENSE);
  const request = await submit();
  await store.begin(request, 1, NOON, LEASE_CHECK);
  await store.transition(request, handOver({ token: 1, appended: [FAILED] }));
  const { record, attempts } = jobKeys(prefix, request);
  expect(await redis.exists(attempts)).toBe(0);
  const fields = await redis.hgetall(record);
  expect(fields).toMatchObject({ v: '2', n: '1' });
  expect(Object.values(fields).join('')).not.toContain(request.id);
  // What the provider said stands there once.
  expect(fields['a1']?.split(SAID.message)).toHaveLength(2);
});

test('a job that was answered keeps its route and its waits, and plans nothing', async () => {
  const { store, submit } = openStore(createSealer([]), undefined, DENSE);
  const request = await submit();
  const waits = [{ reason: 'paused' as const, until: NOON + 9, started_at: NOON, ended_at: NOON }];
  const progress = { ...queuedAt('a'), route: 'other', waits, hedge: { after_ms: 250 } };
  await store.begin(request, 1, NOON, LEASE_CHECK);
  await store.transition(request, completion({ token: 1, progress }));
  expect((await store.read(request))?.record.progress).toMatchObject({
    route: 'other',
    waits,
    visited: [],
    hedge: { after_ms: 250 },
  });
});

describe.each(FORMS)('in the $form form', ({ versions }) => {
  test('a job that failed keeps the place where it stood', async () => {
    const { store, submit } = openStore(createSealer([]), undefined, versions);
    const request = await submit();
    const progress = { ...queuedAt('b'), calls: 2, round_calls: 1, visited: ['a', 'b'] };
    await store.transition(request, completion({ turn: 1, status: 'failed', progress }));
    expect((await store.read(request))?.record.progress).toEqual(progress);
  });
});
