import type { Attempt } from '@understudy/contracts';
import { endJob, submitJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatchScene, requestAt, sealedDispatch } from '@understudy/dispatch/testing';
import { STREAM_START, readEvents, shardOf } from '@understudy/job-store';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { readOutboxPage } from './outbox-page.ts';
import { relayEvents } from './relay-events.ts';
import { relayOutbox } from './relay-outbox.ts';
import { matchingKeys } from '../../../test/support/matching-keys.ts';

async function told({ redis, keyPrefix }: OpenDispatch, project = 'acme'): Promise<string[]> {
  const { events } = await readEvents(redis, keyPrefix, project, STREAM_START, 1000);
  return events.map(({ eventId, type }) => `${type} ${eventId}`);
}

function failed(number: number, token: number): Attempt {
  return {
    number,
    round: 1,
    target: 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    status_code: 500,
    rule: 'default.status_500',
    started_at: 1,
    token,
  };
}

/** A worker takes the turn of a job. */
async function begin({ store, clock }: OpenDispatch, job: JobReference): Promise<number> {
  const begun = await store.begin(job, 1, clock.now(), clock.now());
  if (begun.kind !== 'started') throw new Error(`the job did not start: ${begun.kind}`);
  return begun.token;
}

test('the end of a job is told to its project once, however often it is relayed', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const ours = await submit({ id: 'job_1' });
  const theirs = await submit({ id: 'job_2', project: 'other' });
  await endJob(dispatch, ours, 'cancelled');
  await endJob(dispatch, theirs, 'expired');
  // A relay that dies before it trims the outboxes, twice.
  const page = await readOutboxPage(dispatch, [shardOf('job_1'), shardOf('job_2')], 10);
  await relayEvents(dispatch, page);
  await relayEvents(dispatch, page);
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual(['job.cancelled evt_1_v2']);
  expect(await told(dispatch, 'other')).toEqual(['job.expired evt_2_v2']);
});

test('a line of a batch does not fill the stream of its project', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const batch = { id: 'batch_1', line: 1, custom_id: 'r1' };
  await endJob(dispatch, await submit({ id: 'job_1', batch }), 'cancelled');
  await endJob(dispatch, await submit({ id: 'job_2' }), 'cancelled');
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual(['job.cancelled evt_2_v2']);
});

test('each failed attempt is told, before the end that came with it', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit({ id: 'job_1' });
  const token = await begin(dispatch, job);
  const skipped: Attempt = { ...failed(2, token), outcome: 'skipped', rule: 'cooling_down' };
  await dispatch.store.transition(job, {
    token,
    status: 'failed',
    nextTurn: 2,
    appended: [failed(1, token), skipped, failed(3, token)],
    folded: [],
    end: { v: 1, error: { code: 'no_target', message: 'no target is left' } },
    endedAt: dispatch.clock.now(),
    keepMs: 60_000,
  });
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual([
    'job.attempt_failed evt_1_a1',
    'job.attempt_failed evt_1_a3',
    'job.failed evt_1_v3',
  ]);
});

test('a start that never ended is told when the next one takes its place', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit({ id: 'job_1' });
  await begin(dispatch, job);
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual([]);
  await begin(dispatch, job);
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual(['job.attempt_failed evt_1_a1']);
});

test('a job that is no longer kept when its end is relayed is told of by what the outbox holds', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit({ id: 'job_1' });
  await endJob(dispatch, job, 'cancelled');
  const gone = await matchingKeys(dispatch.redis, `${dispatch.keyPrefix}:*:job:job_1*`);
  await dispatch.redis.del(...gone);
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual(['job.cancelled evt_1_v2']);
});

test('a failed attempt whose key is missing is told once it is there, and others are told before', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const keyed = sealedDispatch(dispatch).dispatch;
  const job = requestAt(dispatch.clock.now(), { id: 'job_2' });
  await submitJob(keyed, job, Buffer.from('{"model":"m"}'));
  const token = await begin(keyed, job);
  await keyed.store.transition(job, {
    token,
    status: 'queued',
    nextTurn: 2,
    dueAt: dispatch.clock.now(),
    appended: [{ ...failed(1, token), error: { message: 'no' } }],
    folded: [],
  });
  await endJob(dispatch, await submit({ id: 'job_1' }), 'cancelled');
  await relayOutbox(dispatch);
  expect(await told(dispatch)).toEqual(['job.cancelled evt_1_v2']);
  await relayOutbox(keyed);
  expect(await told(dispatch)).toEqual(['job.cancelled evt_1_v2', 'job.attempt_failed evt_2_a1']);
});
