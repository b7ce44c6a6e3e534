import type { JobReference } from '@understudy/job-store';
import type { Logger } from '@understudy/runtime';

/** Of more in one look their number is told, and each at the level `debug` alone. */
const TOLD_EACH = 3;

/** Says of jobs that one look found lost that they were put back: by their ids where these are few. */
export function tellRestored(logger: Logger, jobs: readonly JobReference[]): void {
  const areFew = jobs.length <= TOLD_EACH;
  if (!areFew) logger.warn({ jobs: jobs.length }, 'lost jobs were put back in place');
  for (const { id, project } of jobs) {
    logger[areFew ? 'warn' : 'debug']({ job: id, project }, 'a lost job was put back in place');
  }
}
