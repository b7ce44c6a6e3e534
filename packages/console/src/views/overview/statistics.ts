import type { Statistics } from '../../api/contract.ts';
import { alignBuckets, bucketTimes } from '../../components/charts/fill-buckets.ts';

type Buckets = Pick<Statistics, 'buckets'>;

/** What is counted of jobs. */
export type CountedMember = Exclude<keyof Statistics['buckets'][number], 'at'>;

const STEP_MS = { minute: 60_000, hour: 3_600_000 } as const;

/** The beginnings of all buckets of the range, those included in which nothing happened. */
export function statisticsTimes({
  from,
  to,
  resolution,
}: Pick<Statistics, 'from' | 'to' | 'resolution'>): number[] {
  return bucketTimes({
    from: Date.parse(from),
    to: Date.parse(to),
    stepMs: STEP_MS[resolution],
  });
}

/** One value for each of the times. */
export function seriesOf(
  { buckets }: Buckets,
  times: readonly number[],
  member: CountedMember,
): number[] {
  return alignBuckets(buckets, times).map((bucket) => bucket?.[member] ?? 0);
}

/** The sum over the whole range. */
export function sumOf({ buckets }: Buckets, member: CountedMember): number {
  return buckets.reduce((sum, bucket) => sum + bucket[member], 0);
}

/** How many in the last whole minute; the running one is not over. */
export function lastMinute({ buckets }: Buckets, member: CountedMember, nowMs: number): number {
  const running = Math.floor(nowMs / STEP_MS.minute) * STEP_MS.minute;
  const before = alignBuckets(buckets, [running - STEP_MS.minute])[0];
  return before?.[member] ?? 0;
}

/** The share of ended jobs that were answered; undefined where none ended. */
export function answeredShare(statistics: Buckets): number | undefined {
  const completed = sumOf(statistics, 'completed');
  const ended = completed + sumOf(statistics, 'failed') + sumOf(statistics, 'expired');
  return ended === 0 ? undefined : completed / ended;
}
