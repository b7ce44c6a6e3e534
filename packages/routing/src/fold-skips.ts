import type { Attempt, JobProgress, JobRequest } from '@understudy/contracts';
import type { Skip } from './plan-next.ts';
import { plannedAttempt } from './planned-attempt.ts';

export interface FoldedSkips {
  /** New attempts, numbered after those that exist. */
  appended: Attempt[];
  /** Attempts that happened again in the same way: the same number, a higher count. */
  folded: Attempt[];
  skips: JobProgress['skips'];
}

/**
 * Turns skips into attempts. A target that is skipped again by the same rule, without a call of
 * its own in between, is one attempt with a count, however long the outage.
 */
export function foldSkips(
  skips: readonly Skip[],
  request: JobRequest,
  progress: JobProgress,
  attemptsSoFar: number,
  now: number,
): FoldedSkips {
  const appended: Attempt[] = [];
  const folded: Attempt[] = [];
  const remembered = { ...progress.skips };
  for (const { candidate, rule, detail } of skips) {
    const { planned } = candidate;
    const earlier = remembered[planned.target];
    const again = earlier?.rule === rule ? earlier : undefined;
    const number = again?.number ?? attemptsSoFar + appended.length + 1;
    const count = (again?.count ?? 0) + 1;
    const firstAt = again?.first_at ?? now;
    remembered[planned.target] = { number, rule, count, first_at: firstAt };
    const attempt: Attempt = {
      ...plannedAttempt(request, progress, planned, number),
      outcome: 'skipped',
      verdict: Object.hasOwn(progress.closed, planned.target) ? 'next_for_good' : 'next',
      rule,
      ...detail,
      started_at: firstAt,
      ...(count === 1 ? {} : { count, first_at: firstAt, last_at: now }),
    };
    (again === undefined ? appended : folded).push(attempt);
  }
  return { appended, folded, skips: remembered };
}
