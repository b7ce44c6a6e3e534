import type { JobOutline, OutboxEntry, TalliedAttempt } from '@understudy/job-store';
import { JOB_FIELDS, NANOS_PER_USD, endField, providerField } from './counted-fields.ts';
import { latencyBucket } from './latency-buckets.ts';

/** One field of a bucket, and by how much it grows. */
export type Increment = readonly [field: string, by: number];

/** A million USD in billionths; thousands of them fit the 64 bits that Redis counts with. */
const HIGHEST_AMOUNT = 1e15;

/** The version of a record that was just created. */
const FIRST_VERSION = 1;

/**
 * What one entry of an outbox counts as.
 * @param record the job as it is now; where it is no longer kept its tokens are not counted
 */
export function entryCounts(entry: OutboxEntry, record: JobOutline | undefined): Increment[] {
  const counts: Increment[] = [];
  const ended = endField(entry.status);
  if (entry.version === FIRST_VERSION) counts.push([JOB_FIELDS.accepted, 1]);
  if (ended !== undefined) {
    counts.push([ended, 1]);
    const { input_tokens: input = 0, output_tokens: output = 0 } = record?.end?.usage ?? {};
    counts.push([JOB_FIELDS.costNanos, countable((entry.spent ?? 0) * NANOS_PER_USD)]);
    counts.push([JOB_FIELDS.inputTokens, countable(input)]);
    counts.push([JOB_FIELDS.outputTokens, countable(output)]);
  }
  counts.push(...entry.tally.attempts.flatMap(attemptCounts), ...flowCounts(entry, record));
  return counts.filter(([, by]) => by > 0);
}

/** Tokens are what a provider says: a nonsensical number must not spoil the sums of all. */
function countable(amount: number): number {
  return Number.isFinite(amount) ? Math.round(Math.min(amount, HIGHEST_AMOUNT)) : 0;
}

function attemptCounts({ provider, outcome, rule, durationMs }: TalliedAttempt): Increment[] {
  const counted: Increment = [providerField({ kind: 'attempts', provider, outcome, rule }), 1];
  if (outcome !== 'succeeded') return [counted];
  const bucket = latencyBucket(durationMs);
  return [counted, [providerField({ kind: 'latency', provider, bucket }), 1]];
}

/** From provider to provider, those aside that could never have answered. */
function flowCounts(
  { status, tally }: OutboxEntry,
  record: JobOutline | undefined,
): readonly Increment[] {
  const { attempts, next } = tally;
  const stops: (string | null)[] = attempts
    .filter(({ barred }) => !barred)
    .map(({ provider }) => provider);
  const isUnanswered = status === 'failed' || status === 'expired';
  if (isUnanswered && stops.length === 0) stops.push(...(providerLeft(record) ?? []));
  if (next !== undefined) stops.push(next);
  if (isUnanswered) stops.push(null);
  return stops.flatMap((to, index): Increment[] => {
    const from = stops[index - 1];
    if (from === undefined || from === null || from === to) return [];
    return [[providerField({ kind: 'flow', from, to }), 1]];
  });
}

/** Where a job stood that came to its end without another attempt. */
function providerLeft(record: JobOutline | undefined): readonly [string] | undefined {
  const place = record?.progress.place;
  const provider = place?.kind === 'queue' ? place.planned.provider : place?.rooms[0]?.provider;
  return provider === undefined ? undefined : [provider];
}
