import type { OpenDispatch } from '@understudy/dispatch';
import { relayUse } from '@understudy/limits';
import type { OutboxConsumer } from './relay-outbox.ts';

/** Counts against the limits of projects and keys what became of their jobs, and what they cost. */
export function createLimitRelay({
  redis,
  keyPrefix,
}: Pick<OpenDispatch, 'redis' | 'keyPrefix'>): OutboxConsumer {
  return ({ entries, recordOf }) =>
    relayUse(redis, keyPrefix, entries, (entry) => recordOf(entry) !== undefined);
}
