const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const RESOLUTIONS = ['minute', 'hour'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** How long a bucket is, and how long its counts are kept after it began. */
export const BUCKETS: Readonly<Record<Resolution, { lengthMs: number; keptMs: number }>> = {
  minute: { lengthMs: MINUTE_MS, keptMs: 25 * HOUR_MS },
  hour: { lengthMs: HOUR_MS, keptMs: 8 * 24 * HOUR_MS },
};

/** The beginning of the bucket that an instant lies in. */
export function bucketStart(resolution: Resolution, instant: number): number {
  const { lengthMs } = BUCKETS[resolution];
  return Math.floor(instant / lengthMs) * lengthMs;
}

/** The beginnings of all buckets that hold an instant from `from` to just before `to`. */
export function bucketStarts(resolution: Resolution, from: number, to: number): number[] {
  const { lengthMs } = BUCKETS[resolution];
  const first = bucketStart(resolution, from);
  const count = Math.max(0, Math.ceil((to - first) / lengthMs));
  return Array.from({ length: count }, (_, index) => first + index * lengthMs);
}
