import type { BatchRecord, Usage } from '@understudy/contracts';
import { requestCountsOf } from '@understudy/job-store';
import type { z } from 'zod';
import { windowOf } from './batch-life.ts';
import type { batchSchema } from './batch-schemas.ts';

type RenderedBatch = z.infer<typeof batchSchema>;

/** A batch as OpenAI's API shows it. */
export function renderBatch(batch: BatchRecord): RenderedBatch {
  const { request, status, problems, usage, cost, outputFileId, errorFileId } = batch;
  return {
    id: request.id,
    object: 'batch',
    endpoint: request.endpoint,
    ...(problems === undefined ? {} : { errors: { object: 'list', data: problems } }),
    input_file_id: request.input_file_id,
    completion_window: windowOf(request.expires_at - request.created_at),
    status,
    ...(outputFileId === undefined ? {} : { output_file_id: outputFileId }),
    ...(errorFileId === undefined ? {} : { error_file_id: errorFileId }),
    created_at: seconds(request.created_at),
    expires_at: seconds(request.expires_at),
    ...instantsOf(batch),
    request_counts: requestCountsOf(batch),
    ...(usage === undefined ? {} : { usage: renderUsage(usage) }),
    ...(cost === undefined ? {} : { cost }),
    ...(request.max_cost === undefined ? {} : { max_cost: request.max_cost }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
  };
}

function instantsOf(batch: BatchRecord): Partial<RenderedBatch> {
  const instants = {
    in_progress_at: batch.inProgressAt,
    finalizing_at: batch.finalizingAt,
    completed_at: batch.completedAt,
    failed_at: batch.failedAt,
    expired_at: batch.expiredAt,
    cancelling_at: batch.cancellingAt,
    cancelled_at: batch.cancelledAt,
  };
  return Object.fromEntries(
    Object.entries(instants).flatMap(([name, at]) =>
      at === undefined ? [] : [[name, seconds(at)]],
    ),
  );
}

/** Every member is required by OpenAI's schema; what no provider told counts as none. */
function renderUsage(usage: Usage): NonNullable<RenderedBatch['usage']> {
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cache_read_tokens ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning_tokens ?? 0 },
    total_tokens: input + output,
  };
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}
