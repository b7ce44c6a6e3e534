import { NANOS_PER_USD } from '@understudy/contracts';
import type { JobOutline, OutboxEntry } from '@understudy/job-store';
import { JOB_FIELDS, endField, providerField } from './counted-fields.ts';
import type { ProviderCount } from './counted-fields.ts';
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
  const count = (field: string, by: number): void => {
    if (by > 0) counts.push([field, by]);
  };
  const ended = endField(entry.status);
  if (entry.version === FIRST_VERSION) count(JOB_FIELDS.accepted, 1);
  if (ended !== undefined) {
    count(ended, 1);
    const { input_tokens: input = 0, output_tokens: output = 0 } = record?.end?.usage ?? {};
    count(JOB_FIELDS.costNanos, countable((entry.spent ?? 0) * NANOS_PER_USD));
    count(JOB_FIELDS.inputTokens, countable(input));
    count(JOB_FIELDS.outputTokens, countable(output));
  }
  for (const { provider, outcome, rule, durationMs } of entry.tally.attempts) {
    count(providerField({ kind: 'attempts', provider, outcome, rule }), 1);
    if (outcome !== 'succeeded') continue;
    const bucket = latencyBucket(durationMs);
    count(providerField({ kind: 'latency', provider, bucket }), 1);
  }
  for (const flow of flowsOf(entry, record)) count(providerField(flow), 1);
  return counts;
}

/** Tokens are what a provider says: a nonsensical number must not spoil the sums of all. */
function countable(amount: number): number {
  return Number.isFinite(amount) ? Math.round(Math.min(amount, HIGHEST_AMOUNT)) : 0;
}

/** From provider to provider, those aside that could never have answered. */
function flowsOf({ status, tally }: OutboxEntry, record: JobOutline | undefined): ProviderCount[] {
  const { attempts, next } = tally;
  const isUnanswered = status === 'failed' || status === 'expired';
  const stops: (string | null)[] = [];
  for (const { provider, barred } of attempts) if (!barred) stops.push(provider);
  if (isUnanswered && stops.length === 0) stops.push(...(providerLeft(record) ?? []));
  if (next !== undefined) stops.push(next);
  if (isUnanswered) stops.push(null);
  const flows: ProviderCount[] = [];
  for (let index = 1; index < stops.length; index += 1) {
    const [from, to] = [stops[index - 1], stops[index]];
    if (typeof from === 'string' && to !== undefined && from !== to) {
      flows.push({ kind: 'flow', from, to });
    }
  }
  return flows;
}

/** Where a job stood that came to its end without another attempt. */
function providerLeft(record: JobOutline | undefined): readonly [string] | undefined {
  const place = record?.progress.place;
  const provider = place?.kind === 'queue' ? place.planned.provider : place?.rooms[0]?.provider;
  return provider === undefined ? undefined : [provider];
}
