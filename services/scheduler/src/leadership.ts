import { randomUUID } from 'node:crypto';
import { endedUnlessAway, loadScript, repeat } from '@understudy/runtime';
import type { Logger, Redis } from '@understudy/runtime';

const LEASE_MS = 6000;
const RENEW_INTERVAL_MS = 1500;

const renewScript = loadScript(new URL('./scripts/renew-lease.lua', import.meta.url));
const releaseScript = loadScript(new URL('./scripts/release-lease.lua', import.meta.url));

/** One replica leads. What it does is idempotent, so a moment with two leaders harms nothing. */
export interface Leadership {
  isLeader(): boolean;
  /** Hands the lease back, so that another replica leads at once. */
  close(): Promise<void>;
}

export function createLeadership(redis: Redis, prefix: string, logger: Logger): Leadership {
  const key = `${prefix}:{scheduler}:leader`;
  const holder = randomUUID();
  let leadsUntil = -Infinity;
  const renewal = repeat('renewing the lease', RENEW_INTERVAL_MS, logger, async () => {
    const asked = performance.now();
    const held = Number(await renewScript.run(redis, [key], [holder, LEASE_MS])) === 1;
    if (held && leadsUntil < asked) logger.info('this replica leads');
    leadsUntil = held ? asked + LEASE_MS : -Infinity;
  });
  return {
    isLeader: () => performance.now() < leadsUntil,
    close: async () => {
      await endedUnlessAway(redis, renewal.close());
      leadsUntil = -Infinity;
      // With Redis away the lease runs out by itself.
      if (redis.status === 'ready') await releaseScript.run(redis, [key], [holder]);
    },
  };
}
