import { expect, test } from 'vitest';
import { documentBlocks, readDocument } from '../../../test/support/document-blocks.ts';
import type { GapEvent, HeardEvent, ListenOptions, WebhookEvent } from './index.ts';

/** Those that the page shows, as a receiver's compiler sees them. */
const SHOWN: WebhookEvent[] = [
  {
    id: 'evt_01m818qed7kd6tq9e3n7wwmn4t_v3',
    object: 'event',
    type: 'job.completed',
    timestamp: '2026-11-22T09:17:21.359Z',
    data: {
      id: 'job_01m818qed7kd6tq9e3n7wwmn4t',
      object: 'job',
      status: 'completed',
      links: { self: '/v1/jobs/job_01m818qed7kd6tq9e3n7wwmn4t' },
      endpoint: '/v1/chat/completions',
      model: 'chat',
      route: 'chat',
      usage: {
        input_tokens: 12,
        output_tokens: 8,
        cache_read_tokens: 0,
        reasoning_tokens: 0,
      },
      cost: { status: 'unknown', reason: 'no price is known of m at openai-compatible' },
    },
  },
  {
    id: 'evt_01m818qff66gq5v2rh2qpmqsv3_v5',
    object: 'event',
    type: 'job.failed',
    timestamp: '2026-11-22T09:17:22.350Z',
    data: {
      id: 'job_01m818qff66gq5v2rh2qpmqsv3',
      object: 'job',
      status: 'failed',
      links: { self: '/v1/jobs/job_01m818qff66gq5v2rh2qpmqsv3' },
      endpoint: '/v1/chat/completions',
      model: 'chat',
      route: 'chat',
      error: {
        code: 'provider_rejected',
        provider: 'backup',
        status_code: 400,
        rule: 'default.status_400',
      },
    },
  },
  {
    id: 'evt_01m818qftrgxej8krn2v1s1kx8_v3',
    object: 'event',
    type: 'job.cancelled',
    timestamp: '2026-11-22T09:17:22.681Z',
    data: {
      id: 'job_01m818qftrgxej8krn2v1s1kx8',
      object: 'job',
      status: 'cancelled',
      links: { self: '/v1/jobs/job_01m818qftrgxej8krn2v1s1kx8' },
      endpoint: '/v1/chat/completions',
      model: 'chat',
      route: 'chat',
      cost: { status: 'unknown', reason: 'a call was open when the job ended' },
      error: { code: 'cancelled' },
    },
  },
  {
    id: 'evt_01m818r2v3c9x6t1d8k4n5b7wq_v3',
    object: 'event',
    type: 'job.expired',
    timestamp: '2026-11-22T09:17:41.020Z',
    data: {
      id: 'job_01m818r2v3c9x6t1d8k4n5b7wq',
      object: 'job',
      status: 'expired',
      links: { self: '/v1/jobs/job_01m818r2v3c9x6t1d8k4n5b7wq' },
      endpoint: '/v1/chat/completions',
      model: 'chat',
      route: 'chat',
      cost: { status: 'unknown', reason: 'a call was open when the job ended' },
      error: { code: 'expired' },
    },
  },
  {
    id: 'evt_01m818qff66gq5v2rh2qpmqsv3_a1',
    object: 'event',
    type: 'job.attempt_failed',
    timestamp: '2026-11-22T09:17:22.297Z',
    data: {
      id: 'job_01m818qff66gq5v2rh2qpmqsv3',
      object: 'job',
      status: 'failed',
      links: { self: '/v1/jobs/job_01m818qff66gq5v2rh2qpmqsv3' },
      endpoint: '/v1/chat/completions',
      model: 'chat',
      route: 'chat',
      attempt: {
        number: 1,
        round: 1,
        target: 'vendor/m',
        provider: 'vendor',
        model_sent: 'm',
        outcome: 'failed',
        status_code: 500,
        verdict: 'next',
        rule: 'default.status_5xx',
        duration_ms: 2,
      },
    },
  },
];

test('every event of a job that the page of webhooks shows has the type of one', () => {
  const blocks = documentBlocks(readDocument('webhooks.md'), 'json');
  const shown = blocks.map((text) => JSON.parse(text) as WebhookEvent);
  expect(shown.filter(({ object }) => object === 'event')).toEqual(SHOWN);
});

/** What such an event tells: a compiler that forgets a member of it refuses this. */
function told(event: WebhookEvent): unknown {
  const { data } = event;
  if (data.object === 'batch') return data.request_counts.completed;
  if (event.type !== 'job.completed') return data.test === true ? `test of ${data.id}` : data.id;
  return event.data.result?.body ?? event.data.result_omitted;
}

const job = { id: 'job_1', object: 'job', status: 'completed', links: { self: '/' } } as const;
const OWN = { id: 'evt_1', object: 'event', type: 'job.completed', timestamp: '…' } as const;
const OPENAI = { id: 'evt_2', object: 'event', created_at: 1_795_305_600 } as const;
const BATCH = {
  id: 'batch_1',
  object: 'batch',
  status: 'completed',
  endpoint: '/v1/messages',
  request_counts: { total: 2, completed: 2, failed: 0 },
  links: { self: '/' },
} as const;

test('an event of each shape is told from the others by its type and by what it is of', () => {
  const result = { provider: 'first', body: { text: 'hello' } };
  const events: WebhookEvent[] = [
    { ...OWN, data: { ...job, result } },
    { ...OWN, data: { ...job, result_omitted: 'too_large' } },
    { ...OWN, type: 'job.failed', data: { ...job, test: true } },
    { ...OPENAI, type: 'batch.completed', timestamp: '…', data: BATCH },
    { ...OPENAI, type: 'batch.failed', data: { id: 'batch_2', test: true } },
    { ...OPENAI, type: 'response.completed', data: { id: 'resp_1' } },
  ];
  expect(events.map(told)).toEqual([
    { text: 'hello' },
    'too_large',
    'test of job_1',
    2,
    'test of batch_2',
    'resp_1',
  ]);
});

test('a gap is heard as what it is, and lists may be listened to, Responses not', () => {
  const gap: GapEvent = {
    object: 'event',
    type: 'stream.gap',
    data: { after: '1-0', until: '5-0' },
  };
  const heard: HeardEvent = { id: '5-0', type: gap.type, data: gap };
  const { data } = heard.data;
  expect(data.object === undefined ? data.until : data.id).toBe('5-0');
  const lists: ListenOptions = { types: ['jobs.changed', 'batch.completed'] };
  // @ts-expect-error no stream tells of them
  const responses: ListenOptions = { types: ['response.completed'] };
  expect([lists.types?.length, responses.types?.length]).toEqual([2, 1]);
});
