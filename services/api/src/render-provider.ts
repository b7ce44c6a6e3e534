import type { ProviderSettings } from '@understudy/configuration';
import type { Cooldown, StaleName } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { instant } from './render-attempt.ts';

/** One configured provider as it stands now. Never a secret: settings hold none here. */
export async function renderProvider(dispatch: OpenDispatch, settings: ProviderSettings) {
  const { name, kind, concurrency, requestsPerMinute } = settings;
  const { registration, isAlive } = dispatch.registry;
  const registered = registration(name);
  const now = dispatch.clock.now();
  const [queue, rooms] = await Promise.all([
    dispatch.queue.counts(name),
    dispatch.rooms.occupied(name),
  ]);
  return {
    object: 'provider' as const,
    id: name,
    kind,
    registered: registered !== undefined,
    alive: isAlive(name),
    dialects: registered?.dialects ?? [],
    ...(registered?.base_url === undefined ? {} : { base_url: registered.base_url }),
    concurrency,
    ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
    queue,
    waiting: rooms.map(({ model, count }) => ({ model, count })),
    cooldowns: dispatch.availability
      .cooldowns(name)
      .filter(({ cooling }) => cooling)
      .map((cooldown) => renderCooldown(cooldown, now)),
    stale_names: dispatch.staleNameView.entries(name).map(renderStaleName),
  };
}

function renderStaleName({ model, since, until, rule, failures }: StaleName) {
  return { model, since: instant(since), until: instant(until), rule, failures };
}

function renderCooldown(cooldown: Cooldown, now: number) {
  const { scope, model, started_at, until, rule, failures, alert = false } = cooldown;
  return {
    scope,
    model,
    state: until > now ? ('cooling' as const) : ('half_open' as const),
    started_at: instant(started_at),
    until: instant(until),
    rule,
    failures,
    alert,
  };
}
