import { RECORD_VERSIONS, SCHEMA_VERSION } from '@understudy/contracts';
import type { Attempt, JobRequest } from '@understudy/contracts';
import { endJob, interruptedJob, moveJob } from '@understudy/dispatch';
import { sealedDispatch } from '@understudy/dispatch/testing';
import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { openMeasuredScene } from './testing/measured-scene.ts';
import type { MeasuredScene } from './testing/measured-scene.ts';

const ab = [{ provider: 'a' }, { provider: 'b' }];

function attempt(provider: string, given: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    round: 1,
    target: provider,
    provider,
    kind: 'openai',
    dialect: 'chat-completions',
    model_requested: 'm',
    model_sent: `m-at-${provider}`,
    outcome: 'failed',
    verdict: 'next',
    rule: 'default.status_5xx',
    queued_ms: 40,
    duration_ms: 300,
    started_at: 1,
    ...given,
  };
}

async function begin({ dispatch }: MeasuredScene, job: JobRequest, turn = 1) {
  const now = dispatch.clock.now();
  const begun = await dispatch.store.begin(job, turn, now, now + 30_000);
  if (begun.kind !== 'started') throw new Error(`the job could not begin: ${begun.kind}`);
  return begun;
}

async function complete(scene: MeasuredScene, job: JobRequest, token: number, made: Attempt) {
  return scene.dispatch.store.transition(job, {
    token,
    status: 'completed',
    nextTurn: 9,
    appended: [made],
    folded: [],
    result: Buffer.from('{}'),
    end: { v: SCHEMA_VERSION, result: { provider: made.provider } },
    endedAt: job.created_at + 2000,
    keepMs: 60_000,
  });
}

test('a job that falls through and is answered is counted at every step, once', async () => {
  const scene = await openMeasuredScene(ab);
  const job = await scene.submit({ priority: 2 });
  const begun = await begin(scene, job);
  await moveJob(
    scene.dispatch,
    {
      request: job,
      progress: { ...begun.progress, visited: ['a'] },
      turn: 1,
      attemptsStored: 0,
      attemptsMade: [attempt('a')],
    },
    { token: begun.token },
  );
  const { token } = await begin(scene, job, 2);
  const succeeded = attempt('b', {
    number: 2,
    outcome: 'succeeded',
    usage: { input_tokens: 10, output_tokens: 5, cache_read_tokens: 4 },
    cost: { status: 'known', amount: 0.25, currency: 'USD', prices_as_of: '2026-11-22' },
  });
  const { verdict: _none, rule: _neither, ...answered } = succeeded;
  expect(await complete(scene, job, token, answered)).toMatchObject({ ok: true });

  const { lines } = scene;
  expect(await lines('understudy_jobs_accepted_total')).toEqual([
    'understudy_jobs_accepted_total{endpoint="/v1/chat/completions",surface="understudy",priority="high"} 1',
  ]);
  expect(await lines('understudy_attempts_total')).toEqual([
    'understudy_attempts_total{provider="a",model="m-at-a",outcome="failed",verdict="next",rule="default.status_5xx"} 1',
    'understudy_attempts_total{provider="b",model="m-at-b",outcome="succeeded",verdict="none",rule="none"} 1',
  ]);
  expect(await lines('understudy_fall_throughs_total')).toEqual([
    'understudy_fall_throughs_total{from="a",to="b"} 1',
  ]);
  expect(await lines('understudy_jobs_ended_total')).toEqual([
    'understudy_jobs_ended_total{status="completed",endpoint="/v1/chat/completions",surface="understudy"} 1',
  ]);
  expect(await lines('understudy_job_duration_seconds_sum')).toEqual([
    'understudy_job_duration_seconds_sum{status="completed",priority="high"} 2',
  ]);
  expect(await lines('gen_ai_client_operation_duration_seconds_count')).toEqual([
    'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="m-at-a",provider="a",error_type="default.status_5xx"} 1',
    'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="m-at-b",provider="b"} 1',
  ]);
  expect(await lines('gen_ai_client_token_usage_sum')).toEqual([
    expect.stringMatching(/gen_ai_token_type="input".* 10$/),
    expect.stringMatching(/gen_ai_token_type="output".* 5$/),
  ]);
  expect(await lines('understudy_cost_usd_total')).toEqual([
    'understudy_cost_usd_total{provider="b",model="m-at-b"} 0.25',
  ]);
  expect(await lines('understudy_cached_tokens_total')).toEqual([
    'understudy_cached_tokens_total{provider="b",model="m-at-b",access="read"} 4',
  ]);
  expect(await lines('understudy_queue_wait_seconds_sum')).toContain(
    'understudy_queue_wait_seconds_sum{provider="a"} 0.04',
  );
  const changes = await lines('understudy_record_change_duration_seconds_count');
  expect(changes.map((line) => /change="(\w+)"\} (\d)/.exec(line)?.slice(1))).toEqual([
    ['create', '1'],
    ['begin', '2'],
    ['move', '1'],
    ['end', '1'],
  ]);
});

test('a submit that is repeated is one accepted job, and a refused change counts nothing', async () => {
  const scene = await openMeasuredScene(ab);
  const job = await scene.submit({ id: 'job_x', fingerprint: 'f' });
  await scene.submit({ id: 'job_x', fingerprint: 'f' });
  expect(await scene.lines('understudy_jobs_accepted_total')).toEqual([
    expect.stringMatching(/ 1$/),
  ]);
  await endJob(scene.dispatch, job, 'cancelled');
  await endJob(scene.dispatch, job, 'cancelled');
  expect(await scene.lines('understudy_jobs_ended_total')).toEqual([
    'understudy_jobs_ended_total{status="cancelled",endpoint="/v1/chat/completions",surface="understudy"} 1',
  ]);
  expect(await scene.lines('understudy_attempts_total')).toEqual([]);
});

test('a call whose worker died is one lost call, and its late answer is superseded', async () => {
  const scene = await openMeasuredScene(ab);
  const job = await scene.submit();
  const lost = await begin(scene, job);
  const second = await begin(scene, job);
  expect(await scene.lines('understudy_duplicate_calls_total')).toEqual([
    'understudy_duplicate_calls_total{provider="a",cause="worker_lost"} 1',
  ]);
  const late = attempt('a', { outcome: 'succeeded' });
  expect(await complete(scene, job, lost.token, late)).toMatchObject({ ok: false });
  expect(await complete(scene, job, second.token, late)).toMatchObject({ ok: true });
  expect(await scene.lines('understudy_duplicate_calls_total')).toEqual([
    'understudy_duplicate_calls_total{provider="a",cause="worker_lost"} 1',
    'understudy_duplicate_calls_total{provider="a",cause="superseded"} 1',
  ]);
});

test('a call that is lost with the last worker of its provider is one lost call as well', async () => {
  const scene = await openMeasuredScene(ab);
  const job = await scene.submit();
  await begin(scene, job);
  const { record } = await scene.read(job);
  const lost = interruptedJob(record, 0, scene.dispatch.clock.now());
  await moveJob(scene.dispatch, lost, { version: record.version });
  expect(await scene.lines('understudy_duplicate_calls_total')).toEqual([
    'understudy_duplicate_calls_total{provider="a",cause="worker_lost"} 1',
  ]);
});

test('the late outcome of a call that a cancel cut off is no duplicate', async () => {
  const scene = await openMeasuredScene(ab);
  const job = await scene.submit();
  const { token } = await begin(scene, job);
  await endJob(scene.dispatch, job, 'cancelled');
  expect(await complete(scene, job, token, attempt('a'))).toMatchObject({ ok: false });
  expect(await scene.lines('understudy_duplicate_calls_total')).toEqual([]);
});

test('a job that no target takes goes into a wait, and one that has none left to an end', async () => {
  const scene = await openMeasuredScene([{ provider: 'a' }]);
  await scene.cool('a', 60_000);
  await scene.submit();
  expect(await scene.lines('understudy_attempts_total')).toEqual([
    expect.stringMatching(/provider="a",.*outcome="skipped",.*rule="cooling_down"\} 1$/),
  ]);
  expect(await scene.lines('understudy_fall_throughs_total')).toEqual([
    'understudy_fall_throughs_total{from="a",to="waiting"} 1',
  ]);

  const other = await openMeasuredScene([{ provider: 'a' }]);
  const job = await other.submit();
  const begun = await begin(other, job);
  const closed = { ...begun.progress, closed: { a: 'default.status_404' } };
  await moveJob(
    other.dispatch,
    {
      request: job,
      progress: closed,
      turn: 1,
      attemptsStored: 0,
      attemptsMade: [attempt('a', { verdict: 'next_for_good', rule: 'default.status_404' })],
    },
    { token: begun.token },
  );
  expect(await other.lines('understudy_fall_throughs_total')).toEqual([
    'understudy_fall_throughs_total{from="a",to="none"} 1',
  ]);
  expect(await other.lines('understudy_jobs_ended_total')).toEqual([
    expect.stringMatching(/status="failed"/),
  ]);
});

test('each look at a record of a newer release is counted, whoever takes it', async () => {
  const scene = await openMeasuredScene([{ provider: 'a' }]);
  const { redis, keyPrefix, store } = scene.dispatch;
  const job = await scene.submit();
  await redis.hset(jobKeys(keyPrefix, job).record, 'v', RECORD_VERSIONS.newest + 1);
  await store.readEach([job]);
  await store.readStatuses([job]);
  await store.readHeads([job]);
  await store.readOutlines([job]);
  expect(await scene.lines('understudy_newer_records_total')).toEqual([
    'understudy_newer_records_total{met="look"} 4',
  ]);
});

test('each look at a job that does not open is counted, and each turn that is given back for it', async () => {
  const scene = await openMeasuredScene([{ provider: 'a' }]);
  const { store, clock } = scene.dispatch;
  const counts = () => scene.lines('understudy_unreadable_records_total');
  // Told of from the start, so that the first one is growth.
  expect(await counts()).toEqual([
    'understudy_unreadable_records_total{met="look"} 0',
    'understudy_unreadable_records_total{met="turn"} 0',
  ]);
  const job = await sealedDispatch(scene.dispatch).submit({ id: 'job_1' });
  await store.readEach([job]);
  await store.readHeads([job]);
  await store.readOutlines([job]);
  await store.begin(job, 1, clock.now(), clock.now());
  expect(await counts()).toEqual([
    'understudy_unreadable_records_total{met="look"} 3',
    'understudy_unreadable_records_total{met="turn"} 1',
  ]);
  expect(await scene.lines('understudy_newer_records_total')).toEqual([]);
});
