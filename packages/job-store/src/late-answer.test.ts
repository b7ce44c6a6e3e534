import type { Attempt, JobRequest } from '@understudy/contracts';
import { expect, test } from 'vitest';
import type { JobStore } from './job-store.ts';
import { NOON, attempt, completion, handOver, openStore } from './testing/stored-jobs.ts';

/** A first call that hangs, and a second start of the same turn. */
async function twiceBegun(): Promise<{ store: JobStore; request: JobRequest }> {
  const { store, submit } = openStore();
  const request = await submit();
  await store.begin(request, 1, NOON, NOON);
  await store.begin(request, 1, NOON + 1000, NOON);
  return { store, request };
}

const succeeded = attempt(1, { outcome: 'succeeded', token: 1, status_code: 200 });

async function attemptsOf(store: JobStore, request: JobRequest): Promise<Attempt[] | undefined> {
  return (await store.read(request))?.attempts;
}

test('a late answer ends the job in place of its interrupted attempt', async () => {
  const { store, request } = await twiceBegun();
  await store.transition(request, handOver({ token: 2, appended: [attempt(2, { token: 2 })] }));
  const late = completion({ superseded: 1, appended: [succeeded] });
  expect(await store.transition(request, late)).toMatchObject({ ok: true });
  expect(await attemptsOf(store, request)).toEqual([succeeded, attempt(2, { token: 2 })]);
});

test('a newer call that a late answer hangs up is on the record', async () => {
  const { store, request } = await twiceBegun();
  await store.transition(request, completion({ superseded: 1, appended: [succeeded] }));
  expect(await attemptsOf(store, request)).toEqual([
    succeeded,
    {
      ...attempt(2),
      kind: 'openai',
      dialect: 'chat-completions',
      model_sent: 'm-at-a',
      outcome: 'cancelled',
      rule: 'job_ended',
      queued_ms: 1000,
      started_at: NOON + 1000,
      duration_ms: 4000,
      maybe_billed: true,
      token: 2,
    },
  ]);
});

test('a late answer that took several requests keeps an attempt for each', async () => {
  const { store, request } = await twiceBegun();
  await store.transition(request, handOver({ token: 2, appended: [attempt(2, { token: 2 })] }));
  const missing = attempt(1, { rule: 'surface_missing', token: 1 });
  const appended = [missing, { ...succeeded, number: 2 }];
  await store.transition(request, completion({ superseded: 1, appended }));
  expect(await attemptsOf(store, request)).toEqual([
    missing,
    attempt(2, { token: 2 }),
    { ...succeeded, number: 3 },
  ]);
});

test('a late answer to a job that has ended changes nothing', async () => {
  const { store, request } = await twiceBegun();
  await store.transition(request, completion({ token: 2, status: 'failed' }));
  const before = await store.read(request);
  const late = completion({ superseded: 1, appended: [succeeded] });
  expect(await store.transition(request, late)).toMatchObject({ ok: false, status: 'failed' });
  expect(await store.read(request)).toEqual(before);
});
