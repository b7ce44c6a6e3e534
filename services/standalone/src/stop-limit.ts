import type { Settings } from '@understudy/configuration';

/** Each is some seconds more than a service takes by its own account, after which it ends itself. */
const USUAL_MS = 45_000;
const AFTER_GRACE_PERIOD_MS = 15_000;
const AFTER_DRAIN_DELAY_MS = 40_000;

/**
 * How long a service of these settings may take from SIGTERM to its end, in milliseconds, before it is
 * killed; the same for all of them.
 */
export function stopLimitMs({ defaults }: Pick<Settings, 'defaults'>): number {
  return Math.max(
    USUAL_MS,
    defaults.gracePeriodMs + AFTER_GRACE_PERIOD_MS,
    (defaults.drainDelayMs ?? 0) + AFTER_DRAIN_DELAY_MS,
  );
}
