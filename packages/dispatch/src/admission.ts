import type { Clock, Logger } from '@understudy/runtime';
import type { Redis } from 'ioredis';

/** What Redis said of its memory is believed for so long. */
const BELIEVED_MS = 1000;

/**
 * Whether new jobs may come in. With `noeviction` a full Redis refuses every write, also those
 * that would make room again, so admission stops while what was accepted can still drain.
 */
export interface Admission {
  /** Asks Redis at most once a second; rejects when Redis does not answer. */
  isOpen(): Promise<boolean>;
}

export function createAdmission(
  redis: Redis,
  highestShare: () => number,
  clock: Clock,
  logger: Logger,
): Admission {
  let open = true;
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const share = memoryShareOf(await redis.info('memory')) ?? 0;
    const opens = share < highestShare();
    const memory = `${Math.round(100 * share)} %`;
    if (opens && !open) logger.info({ memory }, 'Redis has room again: jobs are accepted');
    if (!opens && open) logger.error({ memory }, 'Redis is short of memory: no job is accepted');
    open = opens;
    lookedAt = clock.monotonic();
  };

  return {
    isOpen: async () => {
      if (clock.monotonic() - lookedAt > BELIEVED_MS) {
        looking ??= look().finally(() => (looking = undefined));
        await looking;
      }
      return open;
    },
  };
}

/** Reads `INFO memory`; undefined where no limit is set. */
export function memoryShareOf(info: string): number | undefined {
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = read('maxmemory');
  return limit === 0 ? undefined : read('used_memory') / limit;
}
