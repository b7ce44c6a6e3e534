import type { Attempt, JobRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { expect, test, vi } from 'vitest';
import { endJob } from './end-job.ts';
import { moveJob } from './move-job.ts';
import { settleLateAnswer } from './settle-late-answer.ts';
import type { LateAnswer } from './settle-late-answer.ts';
import { openDispatchScene } from './testing/dispatch-scene.ts';
import type { DispatchScene } from './testing/dispatch-scene.ts';

/** A first call that hangs, and a second start of the same turn that took the token over. */
async function twiceBegun(): Promise<DispatchScene & { job: JobRequest }> {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { store, clock } = scene.dispatch;
  const job = await scene.submit();
  await store.begin(job, 1, clock.now(), clock.now());
  await store.begin(job, 1, clock.now() + 1000, clock.now());
  return { ...scene, job };
}

function attempt(number: number, given: Partial<Attempt>): Attempt {
  const { target, provider, model_requested } = {
    target: 'a',
    provider: 'a',
    model_requested: 'm',
  };
  return {
    number,
    round: 1,
    target,
    provider,
    model_requested,
    outcome: 'failed',
    started_at: 1,
    ...given,
  };
}

const succeeded = attempt(1, { outcome: 'succeeded', token: 1, status_code: 200 });
const end = { v: SCHEMA_VERSION, result: { provider: 'a' } };
const late = {
  token: 1,
  attempts: [succeeded],
  endAfter: () => end,
  result: Buffer.from('{"late":true}'),
};

/** The newer start fails, and the job moves on to the next provider. */
async function failNewerStart({ dispatch, job, read }: Awaited<ReturnType<typeof twiceBegun>>) {
  const { record, attempts } = await read(job);
  const made = attempt(attempts.length + 1, { token: 2, rule: 'default.status_5xx' });
  await moveJob(
    dispatch,
    { request: job, progress: record.progress, turn: 1, attemptsStored: 1, attemptsMade: [made] },
    { token: 2 },
  );
  return made;
}

test('a late answer counts the newer call, which is open, among what the job cost', async () => {
  const { dispatch, job } = await twiceBegun();
  const endAfter = vi.fn<LateAnswer['endAfter']>(() => end);
  await settleLateAnswer(dispatch, job, { ...late, endAfter });
  expect(endAfter).toHaveBeenCalledExactlyOnceWith([
    succeeded,
    expect.objectContaining({ outcome: 'cancelled', maybe_billed: true, token: 2 }),
  ]);
});

test('what a late answer cost is known: nothing stands for it any more', async () => {
  const scene = await twiceBegun();
  const made = await failNewerStart(scene);
  const endAfter = vi.fn<LateAnswer['endAfter']>(() => end);
  await settleLateAnswer(scene.dispatch, scene.job, { ...late, endAfter });
  expect(endAfter).toHaveBeenCalledExactlyOnceWith([made, succeeded]);
});

test('a late answer ends the job in place of its interrupted attempt, wherever the job stands', async () => {
  const scene = await twiceBegun();
  const made = await failNewerStart(scene);
  expect(await scene.dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });

  expect(await settleLateAnswer(scene.dispatch, scene.job, late)).toBe(true);
  const { record, attempts } = await scene.read(scene.job);
  expect(record).toMatchObject({ status: 'completed', end });
  expect(attempts).toEqual([succeeded, made]);
  expect(await scene.dispatch.store.readResult(scene.job)).toEqual(late.result);
  expect(await scene.dispatch.queue.counts('b')).toMatchObject({ waiting: 0 });
});

test('a newer call that a late answer hangs up is on the record', async () => {
  const { dispatch, job, read } = await twiceBegun();
  await settleLateAnswer(dispatch, job, late);
  const { attempts } = await read(job);
  expect(attempts).toMatchObject([
    succeeded,
    { number: 2, outcome: 'cancelled', rule: 'job_ended', maybe_billed: true, token: 2 },
  ]);
});

test('a late answer that took several requests keeps an attempt for each', async () => {
  const scene = await twiceBegun();
  const made = await failNewerStart(scene);
  const missing = attempt(1, { rule: 'surface_missing', token: 1 });
  const attempts = [missing, { ...succeeded, number: 2 }];
  await settleLateAnswer(scene.dispatch, scene.job, { ...late, attempts });
  expect((await scene.read(scene.job)).attempts).toEqual([
    missing,
    made,
    { ...succeeded, number: 3 },
  ]);
});

test('a late answer to a job that has ended changes nothing', async () => {
  const { dispatch, job, read } = await twiceBegun();
  await endJob(dispatch, job, 'cancelled');
  const before = await read(job);
  expect(await settleLateAnswer(dispatch, job, late)).toBe(false);
  expect(await read(job)).toEqual(before);
});
