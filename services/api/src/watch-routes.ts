import type { OpenDispatch } from '@understudy/dispatch';
import { unmappedTargets } from '@understudy/routing';
import { repeat } from '@understudy/runtime';
import type { Repetition } from '@understudy/runtime';

/** Workers tell what they know some seconds after their start. */
const LOOK_INTERVAL_MS = 10_000;
const FIRST_LOOK_MS = 1000;

/**
 * Warns of targets that no job can be sent to, for jobs are accepted all the same: each once, until it
 * has been put right.
 */
export function watchRoutes(dispatch: OpenDispatch): Repetition {
  const { clock, logger } = dispatch;
  let told = new Set<string>();
  return repeat('looking for targets that know no model', LOOK_INTERVAL_MS, logger, async () => {
    if (!dispatch.isLoaded()) return FIRST_LOOK_MS;
    const found = new Map(
      unmappedTargets(dispatch.views(), clock.now()).map((one) => [JSON.stringify(one), one]),
    );
    for (const [key, target] of found) {
      if (told.has(key)) continue;
      logger.warn(
        target,
        'a target of a route does not know the model and gets no job: name it by the target\'s "model" or in the provider\'s "models"',
      );
    }
    told = new Set(found.keys());
    return undefined;
  });
}
