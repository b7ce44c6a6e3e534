import type { BatchRecord, BatchRequest } from '@understudy/contracts';

/** A batch that has ended, of three lines of which one failed. */
export function endedBatch(
  request: Partial<BatchRequest> = {},
  more: Partial<BatchRecord> = {},
): BatchRecord {
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
      created_at: 1000,
      expires_at: 2000,
      output_life_ms: 1,
      ...request,
    },
    status: 'completed',
    version: 4,
    counts: { total: 3, completed: 2, failed: 1, cancelled: 0, expired: 0 },
    ...more,
  };
}
