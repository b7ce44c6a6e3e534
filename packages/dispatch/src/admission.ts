import type { Settings } from '@understudy/configuration';
import { memoryShare, readRedisMemory } from '@understudy/runtime';
import type { Clock, Logger, Redis } from '@understudy/runtime';

/** What Redis said of its memory is believed for so long, */
const BELIEVED_MS = 1000;
/** and until this share of the memory has been admitted since: big bodies fill it fast. */
const BELIEVED_SHARE = 0.01;

/**
 * Whether new jobs may come in. With `noeviction` a full Redis refuses every write, also those
 * that would make room again, so admission stops while what was accepted can still drain.
 */
export interface Admission {
  /**
   * Asks Redis about once a second; rejects when Redis does not answer.
   * @param bytes what is about to be admitted
   */
  isOpen(bytes: number): Promise<boolean>;
}

export function createAdmission(
  redis: Redis,
  settings: () => Settings['redis'],
  clock: Clock,
  logger: Logger,
): Admission {
  let open = true;
  let lookedAt = -Infinity;
  let admittedBytes = 0;
  let believedBytes = Infinity;
  let looking: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    const { memoryBudgetBytes, highestMemoryShare } = settings();
    admittedBytes = 0;
    const used = await readRedisMemory(redis, memoryBudgetBytes);
    const share = memoryShare(used);
    believedBytes = (used.limitBytes ?? Infinity) * BELIEVED_SHARE;
    const opens = share < highestMemoryShare;
    const memory = `${Math.round(100 * share)} %`;
    // A warning, so that it is told wherever the beginning was.
    if (opens && !open) logger.warn({ memory }, 'Redis has room again: jobs are accepted');
    if (!opens && open) logger.error({ memory }, 'Redis is short of memory: no job is accepted');
    open = opens;
    lookedAt = clock.monotonic();
  };

  return {
    isOpen: async (bytes) => {
      admittedBytes += bytes;
      if (clock.monotonic() - lookedAt > BELIEVED_MS || admittedBytes > believedBytes) {
        looking ??= look().finally(() => (looking = undefined));
        await looking;
      }
      return open;
    },
  };
}
