import type { Settings } from '@understudy/configuration';
import { memoryShare, type RedisMemory } from '@understudy/runtime';
import { fail, ok, warn, type Finding } from './finding.ts';

const ABOUT = 'Redis memory';

/** How full Redis is, and whether the broker takes new jobs: as admission decides it. */
export function memoryFinding(
  memory: RedisMemory,
  { highestMemoryShare }: Pick<Settings['redis'], 'highestMemoryShare'>,
): Finding {
  if (memory.limitBytes === undefined) {
    return warn(
      ABOUT,
      'neither maxmemory nor redis.memoryBudgetBytes is set: jobs are accepted until the machine has no memory left',
    );
  }
  const share = memoryShare(memory);
  const used = `${percent(share)} of ${megabytes(memory.limitBytes)} are used`;
  const end = percent(highestMemoryShare);
  if (share < highestMemoryShare) return ok(ABOUT, `${used}; new jobs are accepted below ${end}`);
  return fail(
    ABOUT,
    `${used}, and no new job is accepted from ${end} on; give Redis more maxmemory, or raise redis.memoryBudgetBytes where that is lower`,
  );
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false })} MB`;
