import { utcDay } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isSplit, resolveRoute } from '@understudy/routing';

/**
 * Whether a provider is none any more for jobs of a model: it is not configured, the model's route does
 * not lead there, and no worker serves it. One that the route names already, or that has workers, is
 * new: a process knows it from its next start.
 */
export async function isTakenOut(
  { views, clock, registry }: Pick<OpenDispatch, 'views' | 'clock' | 'registry'>,
  provider: string,
  model: string,
): Promise<boolean> {
  const known = views();
  if (Object.hasOwn(known.settings.providers, provider)) return false;
  const { targets = [] } = resolveRoute(model, known, utcDay(clock.now())) ?? {};
  const arms = targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
  if (arms.some((arm) => arm.provider === provider)) return false;
  return !(await registry.beats(provider));
}
