import { isTerminalBatch } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { batchEndedAt } from '@understudy/job-store';
import type { z } from 'zod';
import { ANTHROPIC_PREFIX } from '../requests/surfaces.ts';
import type { messageBatchSchema } from './message-batch-schemas.ts';

type RenderedBatch = z.infer<typeof messageBatchSchema>;

/**
 * A batch as Anthropic's API shows it: outcomes are counted once all of it has ended.
 * @param origin where the caller reached this API, for the URL of the results
 */
export function renderMessageBatch(batch: BatchRecord, origin: string): RenderedBatch {
  const { request, status, cancellingAt } = batch;
  const ended = isTerminalBatch(status);
  return {
    id: request.id,
    type: 'message_batch',
    processing_status: ended ? 'ended' : status === 'cancelling' ? 'canceling' : 'in_progress',
    request_counts: countsOf(batch, ended),
    created_at: instant(request.created_at),
    expires_at: instant(request.expires_at),
    ended_at: ended ? optionalInstant(batchEndedAt(batch)) : null,
    archived_at: null,
    cancel_initiated_at: optionalInstant(cancellingAt),
    results_url: ended
      ? `${origin}${ANTHROPIC_PREFIX}/messages/batches/${request.id}/results`
      : null,
  };
}

function countsOf(
  { request, counts }: BatchRecord,
  ended: boolean,
): RenderedBatch['request_counts'] {
  if (ended) {
    const { completed: succeeded, failed: errored, cancelled: canceled, expired } = counts;
    return { processing: 0, succeeded, errored, canceled, expired };
  }
  const processing = counts.total === 0 ? (request.lines ?? 0) : counts.total;
  return { processing, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}

function optionalInstant(at: number | undefined): string | null {
  return at === undefined ? null : instant(at);
}
