import type { OutboxEntry, TalliedAttempt } from '@understudy/job-store';

const DAY_MS = 86_400_000;

/** Tomorrow's noon (UTC): Redis drops what was counted a day after its minute, by its own clock. */
export const NOON = (Math.floor(Date.now() / DAY_MS) + 1.5) * DAY_MS;

/** An entry of a job that was just accepted at noon, unless said otherwise. */
export function outboxEntry(given: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    v: 1,
    entryId: `${NOON}-0`,
    project: 'acme',
    id: 'job_1',
    version: 1,
    status: 'queued',
    failedAttempts: [],
    tally: { attempts: [] },
    ...given,
  };
}

/** A call that took 100 ms and was answered, unless said otherwise. */
export function tallied(provider: string, given: Partial<TalliedAttempt> = {}): TalliedAttempt {
  return { provider, outcome: 'succeeded', rule: '', durationMs: 100, barred: false, ...given };
}
