import type { BatchRequest } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { createBatchStore } from '../create-batch-store.ts';
import type { BatchStore } from '../batch-store.ts';

export const NOON = Date.UTC(2026, 10, 22, 12);

export interface BatchScene {
  redis: Redis;
  prefix: string;
  store: BatchStore;
}

/** A store over keys of its own. */
export function openBatchScene(): BatchScene {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  return { redis, prefix, store: createBatchStore(redis, prefix) };
}

export function batchRequest(given: Partial<BatchRequest> = {}): BatchRequest {
  return {
    v: SCHEMA_VERSION,
    id: 'batch_1',
    project: 'acme',
    surface: 'openai',
    endpoint: '/v1/chat/completions',
    input_file_id: 'file-1',
    priority: 8,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    created_at: NOON,
    expires_at: NOON + 86_400_000,
    output_life_ms: 30 * 86_400_000,
    ...given,
  };
}
