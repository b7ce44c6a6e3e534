import type { Clock, Logger } from '@understudy/runtime';
import type { Visit } from './visit-due-jobs.ts';

const REPORT_INTERVAL_MS = 60_000;
/** What needs no word: jobs that stood where they should, or had ended. */
const QUIET: readonly Visit[] = ['in_place', 'forgotten'];

/** Counts what the scheduler did to jobs, and says so at most once a minute. */
export interface VisitTally {
  add(visits: readonly Visit[]): void;
}

export function createVisitTally(clock: Clock, logger: Logger): VisitTally {
  let counts: Partial<Record<Visit, number>> = {};
  let reportedAt = clock.monotonic();
  return {
    add: (visits) => {
      for (const visit of visits) counts[visit] = (counts[visit] ?? 0) + 1;
      const now = clock.monotonic();
      if (now - reportedAt < REPORT_INTERVAL_MS) return;
      reportedAt = now;
      if (Object.keys(counts).some((visit) => !QUIET.some((quiet) => quiet === visit))) {
        logger.info({ jobs: counts }, 'jobs were seen to');
      }
      counts = {};
    },
  };
}
