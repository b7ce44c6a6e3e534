export interface TimeRange {
  /** Milliseconds since the epoch; the first bucket begins at or before. */
  from: number;
  to: number;
  stepMs: number;
}

/** The beginnings of all buckets that touch a range, on whole steps. */
export function bucketTimes({ from, to, stepMs }: TimeRange): number[] {
  const first = Math.floor(from / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((to - first) / stepMs));
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

/**
 * One entry for each of the times: that of the bucket that lies there, or undefined where nothing
 * happened.
 * @param buckets in any order; `at` is RFC 3339
 */
export function alignBuckets<Bucket extends { at: string }>(
  buckets: readonly Bucket[],
  times: readonly number[],
): (Bucket | undefined)[] {
  const byTime = new Map(buckets.map((bucket) => [Date.parse(bucket.at), bucket]));
  return times.map((time) => byTime.get(time));
}
