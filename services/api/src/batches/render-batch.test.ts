import type { BatchRecord } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { batchSchema } from './batch-schemas.ts';
import { messageBatchSchema } from './message-batch-schemas.ts';
import { renderBatch } from './render-batch.ts';
import { renderMessageBatch } from './render-message-batch.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const ORIGIN = 'https://broker.example';

function batchOf(more: Partial<BatchRecord> = {}): BatchRecord {
  return {
    request: {
      v: 1,
      id: 'batch_1',
      project: 'acme',
      surface: 'openai',
      endpoint: '/v1/responses',
      input_file_id: 'file-1',
      priority: 8,
      traceparent: '00-1-1-00',
      created_at: NOON,
      expires_at: NOON + 86_400_000,
      output_life_ms: 1,
    },
    status: 'validating',
    version: 1,
    counts: { total: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 },
    ...more,
  };
}

const ENDED: Partial<BatchRecord> = {
  status: 'expired',
  counts: { total: 10, completed: 5, failed: 1, cancelled: 0, expired: 4 },
  usage: { input_tokens: 100, cache_read_tokens: 20, output_tokens: 30, reasoning_tokens: 5 },
  cost: { status: 'known', amount: 1.5, currency: 'USD', prices_as_of: '2026-11-01' },
  outputFileId: 'file-2',
  errorFileId: 'file-3',
  inProgressAt: NOON + 1999,
  finalizingAt: NOON + 86_400_000,
  expiredAt: NOON + 86_401_000,
};

test('an ended batch is shown with every member of OpenAI and what its calls cost', () => {
  const rendered = renderBatch(batchOf(ENDED));
  expect(batchSchema.strict().parse(rendered)).toEqual(rendered);
  const noon = NOON / 1000;
  expect(rendered).toMatchObject({
    status: 'expired',
    output_file_id: 'file-2',
    error_file_id: 'file-3',
    in_progress_at: noon + 1,
    finalizing_at: noon + 86_400,
    expired_at: noon + 86_401,
    request_counts: { total: 10, completed: 5, failed: 5, expired: 4 },
    usage: {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 20 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 130,
    },
    cost: { amount: 1.5 },
  });
  expect(rendered).not.toHaveProperty('completed_at');
  expect(rendered.request_counts).not.toHaveProperty('cancelled');
});

test('what is wrong with an input is listed', () => {
  const problems = [{ code: 'invalid_json_line', message: 'line 3 is no JSON', line: 3 }];
  expect(renderBatch(batchOf({ status: 'failed', problems })).errors).toEqual({
    object: 'list',
    data: problems,
  });
});

test.each([
  ['validating', 'in_progress'],
  ['in_progress', 'in_progress'],
  ['finalizing', 'in_progress'],
  ['cancelling', 'canceling'],
] as const)('while %s a message batch is %s, and all of it is processing', (status, shown) => {
  const { counts } = ENDED;
  const running = batchOf({ status, ...(counts === undefined ? {} : { counts }) });
  const rendered = renderMessageBatch(running, ORIGIN);
  expect(messageBatchSchema.strict().parse(rendered)).toEqual(rendered);
  expect(rendered).toMatchObject({
    processing_status: shown,
    request_counts: { processing: 10, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    ended_at: null,
    results_url: null,
  });
});

test('before it was validated a message batch has as many requests as came', () => {
  const batch = batchOf();
  const counted = { ...batch, request: { ...batch.request, lines: 7 } };
  expect(renderMessageBatch(counted, ORIGIN).request_counts.processing).toBe(7);
});

test('an ended message batch shows its outcomes and where the results are', () => {
  const rendered = renderMessageBatch(batchOf(ENDED), ORIGIN);
  expect(messageBatchSchema.strict().parse(rendered)).toEqual(rendered);
  expect(rendered).toMatchObject({
    processing_status: 'ended',
    request_counts: { processing: 0, succeeded: 5, errored: 1, canceled: 0, expired: 4 },
    ended_at: '2026-11-23T12:00:01.000Z',
    results_url: 'https://broker.example/anthropic/v1/messages/batches/batch_1/results',
  });
});
