/** Buckets grow by the square root of two: a percentile is off by a fifth at most. */
const BUCKETS_PER_DOUBLING = 2;
/** All that is faster is in the first bucket. */
const FIRST_END_MS = 16;

/** The bucket that a duration is counted in. */
export function latencyBucket(durationMs: number): number {
  return Math.max(0, Math.ceil(BUCKETS_PER_DOUBLING * Math.log2(durationMs / FIRST_END_MS)));
}

/** The duration that stands for a bucket: as far, by factor, from its beginning as from its end. */
function middleOf(bucket: number): number {
  return FIRST_END_MS * 2 ** ((bucket - 0.5) / BUCKETS_PER_DOUBLING);
}

/**
 * The duration below which `share` (0 to 1) of what was counted lies, in whole milliseconds;
 * undefined where nothing was counted.
 * @param counts by bucket
 */
export function latencyPercentile(
  counts: ReadonlyMap<number, number>,
  share: number,
): number | undefined {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    below += count;
    if (below >= share * total) return Math.round(middleOf(bucket));
  }
  return undefined;
}
