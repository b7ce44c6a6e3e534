import type { Logger } from './logger.ts';
import type { Redis } from './redis.ts';

const REPORT_INTERVAL_MS = 10_000;

/** All connections of a process meet the same outage, and report it once. */
const outages = new WeakMap<Logger, { reportedAt: number }>();

function outageOf(logger: Logger): { reportedAt: number } {
  const known = outages.get(logger) ?? { reportedAt: -Infinity };
  outages.set(logger, known);
  return known;
}

/** Logs one line every ten seconds and process while Redis is away, and one when it is back. */
export function reportOutages(redis: Redis, url: string, logger: Logger): void {
  const outage = outageOf(logger);
  const report = (error: Error): void => {
    const now = performance.now();
    if (now - outage.reportedAt < REPORT_INTERVAL_MS) return;
    outage.reportedAt = now;
    logger.warn({ redis: withoutPassword(url), reason: error.message }, 'Redis does not answer');
  };
  redis.on('error', report);
  // Of one server of a cluster, the rest of which may serve on.
  redis.on('node error', report);
  redis.on('ready', () => {
    if (outage.reportedAt === -Infinity) return;
    outage.reportedAt = -Infinity;
    // As loud as the beginning: who was told of that waits for this.
    logger.warn({ redis: withoutPassword(url) }, 'Redis answers again');
  });
}

export function withoutPassword(url: string): string {
  // Not by URL: a list of servers is none.
  if (!/^rediss?(?:\+(?:sentinel|cluster))?:\/\//.test(url)) return 'an invalid URL';
  // Up to the last @: a password in which @ and / were not escaped is one all the same.
  return url.replace(/\/\/([^:@/]*):.*@/s, '//$1:***@');
}
