import type { Provider } from '../../api/contract.ts';

export type ProviderCooldown = Provider['cooldowns'][number];

/** In the order of what an operator should know first. */
export type ProviderHealth = 'no_worker' | 'trouble' | 'paused' | 'cooling' | 'partly' | 'healthy';

/** `partly`: some of its models cool down. `trouble`: the account, not the load. */
export function healthOf({ alive, paused, cooldowns }: Provider): ProviderHealth {
  if (!alive) return 'no_worker';
  if (cooldowns.some(({ alert }) => alert)) return 'trouble';
  if (paused !== undefined) return 'paused';
  if (cooldowns.some(({ scope }) => scope === 'provider')) return 'cooling';
  return cooldowns.length > 0 ? 'partly' : 'healthy';
}

/** Jobs that stand in the provider's queue or wait for one of its models to open. */
export function jobsBefore({ queue, waiting }: Provider): number {
  return queue.waiting + waiting.reduce((sum, { count }) => sum + count, 0);
}

/** How long the oldest of them has been there; undefined where nobody waits or none is told. */
export function oldestMs({ queue, waiting }: Provider): number | undefined {
  const ages = [queue.oldest_ms ?? 0, ...waiting.map((room) => room.oldest_ms)];
  return queue.oldest_ms === undefined && waiting.length === 0 ? undefined : Math.max(...ages);
}
