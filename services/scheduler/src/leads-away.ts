import type { JobRequest } from '@understudy/contracts';
import { planNext } from '@understudy/routing';
import type { Plan, RoutingViews } from '@understudy/routing';

/**
 * Whether a plan leads a job away from a provider without a live worker: to a later target now, or
 * after the pause between two rounds to one that has a worker and was passed in this round.
 * @param random 0 to 1, for jitter
 */
export function leadsAway(
  plan: Plan,
  request: JobRequest,
  views: RoutingViews,
  now: number,
  random: number,
): boolean {
  if (plan.kind !== 'wait') return plan.kind === 'queue';
  const { place } = planNext(request, plan.progress, views, now, random).progress;
  return place.kind === 'queue' && views.isAlive(place.planned.provider);
}
