import { batchMember, createBatchRuns, endedLineOf } from '@understudy/batch-store';
import type { OpenDispatch } from '@understudy/dispatch';
import type { OutboxConsumer } from './relay-outbox.ts';

/**
 * Tells each batch which of its lines have ended. A line is counted once, however often it is
 * told; one whose job is no longer kept is found missing by the batch's runner.
 */
export function createBatchRelay({
  redis,
  keyPrefix,
  sealer,
}: Pick<OpenDispatch, 'redis' | 'keyPrefix' | 'sealer'>): OutboxConsumer {
  const runs = createBatchRuns(redis, keyPrefix, undefined, sealer);
  return async ({ records }) => {
    const ended = records.flatMap((record) => endedLineOf(record) ?? []);
    for (const lines of Map.groupBy(ended, ({ batch }) => batchMember(batch)).values()) {
      const [first] = lines;
      if (first === undefined) continue;
      await runs.countEnded(
        first.batch,
        lines.map(({ line }) => line),
      );
    }
  };
}
