import type { BatchView } from '../batch/batch-view.ts';

const WORDS: Partial<Record<BatchView['status'], string>> = {
  cancelled: 'was cancelled',
  expired: 'expired',
};

/**
 * What became of a batch that ended before all of its lines were answered, and how many were not;
 * undefined for every other one. Of one that was stopped for its cost, its errors tell.
 */
export function stoppedText({
  id,
  status,
  errors,
  request_counts: counts,
}: BatchView): string | undefined {
  const words = WORDS[status];
  if (words === undefined || (errors?.data.length ?? 0) > 0) return undefined;
  if (counts === undefined) return `${id} ${words}.`;
  const { total, completed } = counts;
  return `${id} ${words}: ${total - completed} of ${total} lines were not answered.`;
}
