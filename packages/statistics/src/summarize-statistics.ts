import { NANOS_PER_USD } from '@understudy/contracts';
import type { AttemptOutcome } from '@understudy/contracts';
import { JOB_FIELDS, parseProviderField } from './counted-fields.ts';
import type { JobCount } from './counted-fields.ts';
import { latencyPercentile } from './latency-buckets.ts';
import type { Bucket } from './read-statistics.ts';

/** What became of jobs in one minute or hour. */
export interface JobCounts extends Record<Exclude<JobCount, 'costNanos'>, number> {
  at: number;
  costUsd: number;
}

/** What became of calls at one provider in one minute or hour. */
export interface CallCounts {
  at: number;
  succeeded: number;
  failed: number;
  /** Failed ones by the rule that decided. */
  errors: Record<string, number>;
}

export interface ProviderStatistics extends Record<AttemptOutcome, number> {
  provider: string;
  /** Calls made: all attempts but the skipped ones. */
  attempts: number;
  /** Of calls that succeeded, to a fifth; undefined where none did. */
  latency?: { p50Ms: number; p95Ms: number };
  /** Most frequent first. */
  errors: { rule: string; count: number }[];
  buckets: CallCounts[];
}

export interface Flow {
  from: string;
  /** Null where the job ended unanswered. */
  to: string | null;
  count: number;
}

export interface Statistics {
  buckets: JobCounts[];
  /** Those that had attempts, by name. */
  providers: ProviderStatistics[];
  /** Most frequent first. */
  flows: Flow[];
}

/** What the buckets of one resolution, in order, tell together. */
export function summarizeStatistics(buckets: readonly Bucket[]): Statistics {
  const providers = new Map<string, GrowingProvider>();
  const flows = new Map<string, Flow>();
  for (const [index, { counts }] of buckets.entries()) {
    for (const [field, count] of counts) {
      const parsed = parseProviderField(field);
      if (parsed?.kind === 'flow') {
        const flow = flows.get(field) ?? { from: parsed.from, to: parsed.to, count: 0 };
        flows.set(field, { ...flow, count: flow.count + count });
      } else if (parsed !== undefined) {
        const known = providers.get(parsed.provider) ?? newProvider(parsed.provider, buckets);
        providers.set(parsed.provider, known);
        if (parsed.kind === 'latency') add(known.latencies, parsed.bucket, count);
        else addAttempts(known, index, parsed, count);
      }
    }
  }
  return {
    buckets: buckets.map(jobCounts),
    providers: [...providers.values()]
      .map(finishProvider)
      .toSorted((one, other) => (one.provider < other.provider ? -1 : 1)),
    flows: [...flows.values()].toSorted((one, other) => other.count - one.count),
  };
}

function jobCounts({ at, counts }: Bucket): JobCounts {
  const of = (name: JobCount): number => counts.get(JOB_FIELDS[name]) ?? 0;
  return {
    at,
    accepted: of('accepted'),
    completed: of('completed'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    expired: of('expired'),
    costUsd: of('costNanos') / NANOS_PER_USD,
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
  };
}

interface GrowingProvider {
  statistics: ProviderStatistics;
  latencies: Map<number, number>;
  rules: Map<string, number>;
}

function newProvider(provider: string, buckets: readonly Bucket[]): GrowingProvider {
  return {
    statistics: {
      provider,
      attempts: 0,
      succeeded: 0,
      failed: 0,
      skipped: 0,
      interrupted: 0,
      cancelled: 0,
      errors: [],
      buckets: buckets.map(({ at }) => ({ at, succeeded: 0, failed: 0, errors: {} })),
    },
    latencies: new Map(),
    rules: new Map(),
  };
}

function addAttempts(
  { statistics, rules }: GrowingProvider,
  index: number,
  { outcome, rule }: { outcome: AttemptOutcome; rule: string },
  count: number,
): void {
  statistics[outcome] += count;
  if (outcome !== 'skipped') statistics.attempts += count;
  const bucket = statistics.buckets[index];
  if (bucket === undefined) return;
  if (outcome === 'succeeded') bucket.succeeded += count;
  if (outcome !== 'failed') return;
  bucket.failed += count;
  bucket.errors[rule] = (bucket.errors[rule] ?? 0) + count;
  add(rules, rule, count);
}

function finishProvider({ statistics, latencies, rules }: GrowingProvider): ProviderStatistics {
  const p50Ms = latencyPercentile(latencies, 0.5);
  const p95Ms = latencyPercentile(latencies, 0.95);
  return {
    ...statistics,
    errors: [...rules]
      .map(([rule, count]) => ({ rule, count }))
      .toSorted((one, other) => other.count - one.count),
    ...(p50Ms === undefined || p95Ms === undefined ? {} : { latency: { p50Ms, p95Ms } }),
  };
}

function add<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
