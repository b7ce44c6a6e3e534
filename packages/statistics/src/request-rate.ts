import type { Redis } from '@understudy/runtime';
import { parseProviderField } from './counted-fields.ts';
import { readBuckets } from './read-statistics.ts';
import type { Bucket } from './read-statistics.ts';
import { bucketStart } from './resolution.ts';

const MINUTE_MS = 60_000;

/**
 * Calls at each provider that ended in the last minute, of all projects: those of this minute, and
 * of the one before as much as lies within the last 60 seconds if they came evenly. One round trip.
 */
export async function requestsLastMinute(
  redis: Redis,
  prefix: string,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const from = bucketStart('minute', now) - MINUTE_MS;
  const [before, current] = await readBuckets(redis, prefix, 'all_projects', {
    resolution: 'minute',
    from,
    to: from + 2 * MINUTE_MS,
  });
  const share = 1 - (now - from - MINUTE_MS) / MINUTE_MS;
  const sums = new Map<string, number>();
  addCalls(sums, before, share);
  addCalls(sums, current, 1);
  return new Map([...sums].map(([provider, calls]) => [provider, Math.round(calls)]));
}

function addCalls(sums: Map<string, number>, bucket: Bucket | undefined, share: number): void {
  for (const [field, count] of bucket?.counts ?? []) {
    const parsed = parseProviderField(field);
    if (parsed?.kind !== 'attempts' || parsed.outcome === 'skipped') continue;
    sums.set(parsed.provider, (sums.get(parsed.provider) ?? 0) + count * share);
  }
}
