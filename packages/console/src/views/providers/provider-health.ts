import type { Provider } from '../../api/contract.ts';

export type ProviderCooldown = Provider['cooldowns'][number];

/** In the order of what an operator should know first. */
export type ProviderHealth =
  | 'no_worker'
  | 'trouble'
  | 'paused'
  | 'cooling'
  | 'partly'
  | 'probing'
  | 'healthy';

/**
 * `partly`: some of its models cool down. `probing`: the time of its cool-downs is over, and a first
 * call must show that it serves again. `trouble`: the account, not the load.
 */
export function healthOf(provider: Provider): ProviderHealth {
  const { alive, paused, cooldowns } = provider;
  if (!alive) return 'no_worker';
  if (cooldowns.some(({ alert }) => alert)) return 'trouble';
  if (paused !== undefined) return 'paused';
  if (!takesJobs(provider)) return 'cooling';
  if (cooldowns.length === 0) return 'healthy';
  return cooldowns.some(({ state }) => state === 'cooling') ? 'partly' : 'probing';
}

/** Whether a job for some model would be sent there now, if only as a probe. */
export function takesJobs({ alive, paused, cooldowns }: Provider): boolean {
  const isCooling = cooldowns.some(
    ({ scope, state }) => scope === 'provider' && state === 'cooling',
  );
  return alive && paused === undefined && !isCooling;
}

/** Jobs that stand in the provider's queue, resting ones too, or wait for one of its models to open. */
export function jobsBefore({ queue, waiting }: Provider): number {
  return queue.waiting + (queue.resting ?? 0) + waiting.reduce((sum, { count }) => sum + count, 0);
}

/** Those in its queue; resting ones are told apart: its workers lack their key, or are too old for them. */
export function queuedText({ queue: { waiting, resting = 0 } }: Provider): string {
  const queued = waiting.toLocaleString();
  return resting === 0 ? queued : `${queued} + ${resting.toLocaleString()} resting`;
}

/** How long the oldest of them has been there; undefined where nobody waits or none is told. */
export function oldestMs({ queue, waiting }: Provider): number | undefined {
  const ages = [queue.oldest_ms ?? 0, ...waiting.map((room) => room.oldest_ms)];
  return queue.oldest_ms === undefined && waiting.length === 0 ? undefined : Math.max(...ages);
}
