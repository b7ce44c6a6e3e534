import { expect, test } from 'vitest';
import { batchWebhookEvent } from './batch-deliveries.ts';
import { renderOpenAiEvent } from './render-openai-event.ts';
import { endedBatch } from './testing/ended-batch.ts';

const AT = Date.UTC(2026, 10, 22, 12, 0, 0, 999);

test('the end of a batch is told in a shape that OpenAI and Standard Webhooks know', () => {
  const event = batchWebhookEvent(
    endedBatch(
      {
        id: 'msgbatch_1',
        surface: 'anthropic',
        endpoint: '/v1/messages',
        metadata: { secret: 'prompt words' },
      },
      {
        status: 'cancelled',
        version: 6,
        counts: { total: 3, completed: 2, failed: 0, cancelled: 1, expired: 0 },
        outputFileId: 'file-2',
        cancelledAt: AT,
      },
    ),
  );
  expect(JSON.parse(renderOpenAiEvent(event))).toEqual({
    id: 'evt_msgbatch_1_v6',
    object: 'event',
    type: 'batch.cancelled',
    created_at: Math.floor(AT / 1000),
    timestamp: '2026-11-22T12:00:00.999Z',
    data: {
      id: 'msgbatch_1',
      object: 'batch',
      status: 'cancelled',
      endpoint: '/v1/messages',
      request_counts: { total: 3, completed: 2, failed: 1, cancelled: 1 },
      output_file_id: 'file-2',
      links: { self: '/anthropic/v1/messages/batches/msgbatch_1' },
    },
  });
});

test('the end of a Response is told by its id alone', () => {
  const event = {
    id: 'evt_1_v3_response',
    type: 'response.completed' as const,
    project: 'acme',
    job: 'job_1',
    at: AT,
  };
  expect(JSON.parse(renderOpenAiEvent(event))).toEqual({
    id: 'evt_1_v3_response',
    object: 'event',
    type: 'response.completed',
    created_at: Math.floor(AT / 1000),
    data: { id: 'resp_1' },
  });
});

test.each([
  ['batch.completed' as const, 'batch_test_1'],
  ['response.failed' as const, 'resp_test_1'],
])('a test event of type %s says that it is one', (type, id) => {
  const event = { id: 'evt_test_1', type, project: 'acme', at: AT };
  expect(JSON.parse(renderOpenAiEvent(event))).toMatchObject({ type, data: { id, test: true } });
});
