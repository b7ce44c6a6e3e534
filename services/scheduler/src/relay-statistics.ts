import type { OpenDispatch } from '@understudy/dispatch';
import { countOutbox } from '@understudy/statistics';
import type { OutboxConsumer } from './relay-outbox.ts';

/** Counts what became of jobs and calls, lines of batches included. */
export function createStatisticsRelay({
  redis,
  keyPrefix,
}: Pick<OpenDispatch, 'redis' | 'keyPrefix'>): OutboxConsumer {
  return ({ entries, recordOf }) => countOutbox(redis, keyPrefix, entries, recordOf);
}
