import { WHOLE_PROVIDER } from '@understudy/availability';
import type { Cooldown } from '@understudy/contracts';
import type { LogFields, Logger } from '@understudy/runtime';

/** A first failure is everyday's; from this one in a row on, without a success between, it is told. */
const FIRST_TOLD = 2;

/**
 * Logs a cool-down that this process's failed call has just set, where the target failed before it, too:
 * at the second failure in a row, the fourth, the eighth and so on, so that a long outage whose
 * cool-downs follow each other every few seconds fills no log. One that refuses our account is told
 * of otherwise.
 */
export function tellCooling(logger: Logger, cooldown: Cooldown): void {
  const streak = streakOf(cooldown);
  if (cooldown.alert === true || streak < FIRST_TOLD || !Number.isInteger(Math.log2(streak))) {
    return;
  }
  const until = new Date(cooldown.until).toISOString();
  logger.warn(
    { ...named(cooldown), rule: cooldown.rule, until },
    'a provider goes on failing: it cools down again',
  );
}

/** Logs that a success has ended a cool-down, where failures were told of. */
export function tellServing(logger: Logger, cooldown: Cooldown): void {
  if (cooldown.alert !== true && streakOf(cooldown) < FIRST_TOLD) return;
  logger.info({ ...named(cooldown), rule: cooldown.rule }, 'a provider answers again');
}

/** The release before tells of no streak. */
function streakOf({ streak, failures }: Cooldown): number {
  return streak ?? failures;
}

function named({ provider, model }: Cooldown): LogFields {
  return model === WHOLE_PROVIDER ? { provider } : { provider, model };
}
