import type { JobRecord } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { attemptEvent, publicEventSchema, statusEvent } from './public-event.ts';
import { NOON, attempt, completion, openStore } from './testing/stored-jobs.ts';

async function endedRecord(): Promise<JobRecord> {
  const { store, submit } = openStore();
  const request = await submit({ metadata: { secret: 'prompt words' } });
  await store.transition(
    request,
    completion({
      status: 'failed',
      end: {
        v: 1,
        usage: { input_tokens: 7 },
        error: {
          code: 'no_target',
          message: 'last answer: prompt words',
          provider: 'a',
          status_code: 500,
          rule: 'default.status_500',
          provider_error: { body: 'prompt words' },
        },
      },
    }),
  );
  const stored = await store.read(request);
  if (stored === undefined) throw new Error('the job is not there');
  return stored.record;
}

test('an event tells how a job ended, and nothing that a caller or a provider wrote', async () => {
  const record = await endedRecord();
  const event = statusEvent(
    { id: 'job_1', version: record.version, status: 'failed', at: NOON },
    record,
  );
  expect(publicEventSchema.parse(event)).toEqual(event);
  expect(event).toEqual({
    id: 'evt_1_v2',
    object: 'event',
    type: 'job.failed',
    created_at: '2026-11-22T12:00:00.000Z',
    data: {
      id: 'job_1',
      object: 'job',
      status: 'failed',
      links: { self: '/v1/jobs/job_1' },
      endpoint: '/v1/chat/completions',
      model: 'm',
      route: 'm',
      usage: { input_tokens: 7 },
      error: { code: 'no_target', provider: 'a', status_code: 500, rule: 'default.status_500' },
    },
  });
});

test('an event of a failed attempt names who was asked and the rule, not what was said', async () => {
  const failed = attempt(3, {
    status_code: 429,
    rule: 'default.status_429',
    verdict: 'next',
    duration_ms: 250,
    error: { message: 'prompt words', body: 'prompt words' },
    token: 4,
  });
  const event = attemptEvent('job_1', failed, await endedRecord());
  expect(event).toMatchObject({
    id: 'evt_1_a3',
    type: 'job.attempt_failed',
    created_at: '2026-11-22T12:00:00.250Z',
    data: { attempt: { number: 3, provider: 'a', status_code: 429, rule: 'default.status_429' } },
  });
  expect(JSON.stringify(event)).not.toMatch(/prompt words|token/);
});

test('the end of a job that is no longer kept is told all the same', () => {
  const event = statusEvent({ id: 'job_1', version: 5, status: 'expired', at: NOON }, undefined);
  expect(publicEventSchema.parse(event)).toMatchObject({
    id: 'evt_1_v5',
    data: { id: 'job_1', status: 'expired' },
  });
});
