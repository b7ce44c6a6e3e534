import { expect, test } from 'vitest';
import { median } from '../../bench/statistics.ts';
import { sayFigures } from '../faults/fault-size.ts';
import { startFloodedQueue } from './flooded-queue.ts';
import { securitySize } from './security-size.ts';

const size = securitySize({
  // An idle machine takes some 700 submits a second; one that ten others use, some 50.
  full: { flood: 100_000, singles: 25, timeoutMs: 5_400_000 },
  short: { flood: 2000, singles: 7, timeoutMs: 120_000 },
});

test(
  `behind ${size.flood} jobs of another project a single one waits no more than twice as long as alone, and one job`,
  async () => {
    await using queue = await startFloodedQueue();
    await queue.singles(1);
    const idle = (await queue.singles(size.singles)).map(({ durationMs }) => durationMs);
    const { perSecond, refused } = await queue.flood(size.flood);
    const waits = await queue.singles(size.singles);
    const flooded = waits.map(({ durationMs }) => durationMs);
    const serviceMs = median(queue.serviceTimes());
    sayFigures('fair sharing', {
      flood: size.flood,
      floodPerSecond: perSecond,
      refused,
      idleMs: median(idle),
      floodedMs: median(flooded),
      longestMs: Math.max(...flooded),
      serviceMs,
    });
    // One may begin while the single one is being submitted.
    expect(Math.max(...waits.map(({ overtakenBy }) => overtakenBy))).toBeLessThanOrEqual(1);
    expect(median(flooded)).toBeLessThanOrEqual(2 * median(idle) + serviceMs);
  },
  size.timeoutMs,
);
