import { utcDay } from '@understudy/contracts';
import { isSplit, resolveRoute } from '@understudy/routing';
import type { RoutingViews } from '@understudy/routing';

/**
 * Whether a provider is none any more for jobs of a model: it is not configured, and the model's route
 * does not lead there. One that the route names already is new: a process knows it from its next start.
 */
export function isTakenOut(
  provider: string,
  model: string,
  views: RoutingViews,
  now: number,
): boolean {
  if (Object.hasOwn(views.settings.providers, provider)) return false;
  const { targets = [] } = resolveRoute(model, views, utcDay(now)) ?? {};
  const arms = targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
  return arms.every((arm) => arm.provider !== provider);
}
