import { serverOf } from './redis-servers.ts';
import type { Redis } from './redis.ts';

/** Time as every part of the system sees it; injected, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch by the clock of Redis: the one that all processes share. */
  now(): number;
  /** Milliseconds from an arbitrary start, never running backwards; for durations. */
  monotonic(): number;
}

/** In a cluster, whoever holds this key has the clock that counts: servers differ a little. */
const CLOCK_KEY = '{clock}';

/** `TIME` in milliseconds since the epoch, with a fraction. */
export async function readRedisTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await (await serverOf(redis, CLOCK_KEY)).time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

const SYNC_INTERVAL_MS = 10_000;
/** A question that took longer waited for Redis to come back, and its answer was not read halfway. */
const LONGEST_TRIP_MS = 1000;

export interface RedisClock extends Clock {
  /** Asks Redis for the time once; resolves false when it did not answer. */
  sync(): Promise<boolean>;
  close(): void;
}

/**
 * A clock that follows Redis `TIME` and moves by the local monotonic clock in between, so that
 * neither a jump of this machine's wall clock nor a skewed replica changes a stored instant.
 * Until the first answer it follows the local wall clock.
 */
export function createRedisClock(redis: Redis): RedisClock {
  let epochAtZero = Date.now() - performance.now();
  let isKnown = false;
  const sync = async (asksAgain = true): Promise<boolean> => {
    const asked = performance.now();
    try {
      const time = await readRedisTime(redis);
      const answered = performance.now();
      const isLate = answered - asked > LONGEST_TRIP_MS;
      if (isLate && asksAgain) return await sync(false);
      // A Redis that is always late must not keep anybody from starting, nor spoil what is known.
      if (isLate && isKnown) return false;
      epochAtZero = time - (asked + answered) / 2;
      isKnown = true;
      return true;
    } catch {
      // Redis is away: the monotonic clock carries on from the last answer.
      return false;
    }
  };
  const timer = setInterval(() => void sync(), SYNC_INTERVAL_MS);
  return {
    now: () => Math.round(epochAtZero + performance.now()),
    monotonic: () => performance.now(),
    sync: () => sync(),
    close: () => clearInterval(timer),
  };
}
