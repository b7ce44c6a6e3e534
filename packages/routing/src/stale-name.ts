import { utcDay } from '@understudy/contracts';
import type { JobProgress, JobRequest } from '@understudy/contracts';
import { resolveRoute } from './resolve-route.ts';
import type { RoutingViews } from './routing-views.ts';
import { drawTargets, judgeTarget } from './target-candidate.ts';
import type { TargetCandidate } from './target-candidate.ts';

/** The rule by which a target is passed over whose provider did not know the model's name lately. */
export const STALE_NAME = 'stale_name';

/**
 * Whether the job has a target whose name is not stale, be it open, cooling or without a worker.
 * Only then is a stale one passed over: an old answer never makes a last target unreachable.
 */
export function hasFirmTarget(
  candidates: readonly TargetCandidate[],
  closed: JobProgress['closed'],
): boolean {
  return candidates.some(
    ({ planned, barred, stale }) =>
      stale === undefined && barred === undefined && !Object.hasOwn(closed, planned.target),
  );
}

/**
 * Whether a job whose turn has come should leave its target without a call, because the name has
 * become stale while the job stood in the queue. Costs one look while the name is not.
 * @param sent the name that the call would be made by
 */
export function leavesStaleName(
  request: JobRequest,
  progress: JobProgress,
  planned: { target: string; provider: string },
  sent: string,
  views: RoutingViews,
  now: number,
): boolean {
  if (views.staleName(planned.provider, sent, now) === undefined) return false;
  const route = resolveRoute(request.model, views, utcDay(now), request);
  if (route === undefined) return false;
  const others = drawTargets(route, request, progress.draws, views.settings)
    .targets.map((target) => judgeTarget(target, route, request, progress, views, now))
    .filter((candidate) => candidate.planned.target !== planned.target);
  return hasFirmTarget(others, progress.closed);
}
