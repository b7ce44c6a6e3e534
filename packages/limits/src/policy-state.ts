import type { Holder } from './caller.ts';
import { policyName } from './quota-exceeded.ts';
import type { Counted, PolicyState } from './quota-exceeded.ts';

const DAY_MS = 86_400_000;

/** The limit, where the holder has it and has used it up. */
export function exceeded(
  holder: Holder,
  limit: Counted,
  used: number,
  resetSeconds: number,
): PolicyState[] {
  const quota = holder.limits[limit];
  if (quota === undefined || used < quota) return [];
  return [stateOf(holder, limit, quota, used, resetSeconds)];
}

export function stateOf(
  { kind }: Holder,
  limit: Counted,
  quota: number,
  used: number,
  resetSeconds: number,
): PolicyState {
  return { name: policyName(kind, limit), limit, holder: kind, quota, used, resetSeconds };
}

export function secondsToMidnight(now: number): number {
  return secondsUntil((Math.floor(now / DAY_MS) + 1) * DAY_MS, now);
}

/** At least one. */
export function secondsUntil(instantMs: number, now: number): number {
  return Math.max(1, Math.ceil((instantMs - now) / 1000));
}
