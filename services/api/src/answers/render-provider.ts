import type { ProviderSettings } from '@understudy/configuration';
import type { Cooldown, Pause, StaleName } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { oldestEntries, oldestEntryAt } from '@understudy/queue';
import { requestsLastMinute } from '@understudy/statistics';
import { instant } from './instant.ts';

/** Under which name a model of a provider is shown; a provider may take any that a caller makes up. */
export type ModelNaming = (provider: string, model: string) => string;

/** For operators. */
export const NAMES_AS_SENT: ModelNaming = (_provider, model) => model;

/** Configured providers as they stand now. Never a secret: settings hold none here. */
export async function renderProviders(
  dispatch: OpenDispatch,
  providers: readonly ProviderSettings[],
  nameOf: ModelNaming,
) {
  const { redis, keyPrefix, clock } = dispatch;
  const requests = await requestsLastMinute(redis, keyPrefix, clock.now());
  return Promise.all(
    providers.map((settings) =>
      renderProvider(dispatch, settings, requests.get(settings.name) ?? 0, nameOf),
    ),
  );
}

async function renderProvider(
  dispatch: OpenDispatch,
  settings: ProviderSettings,
  requests: number,
  nameOf: ModelNaming,
) {
  const { name, kind, concurrency, requestsPerMinute } = settings;
  const { availability, clock, keyPrefix, redis, registry } = dispatch;
  const registered = registry.registration(name);
  const now = clock.now();
  const [queue, oldest, rooms] = await Promise.all([
    dispatch.queue.counts(name),
    oldestEntries(redis, keyPrefix, name),
    dispatch.rooms.occupied(name),
  ]);
  const oldestAt = oldestEntryAt(oldest);
  const pause = availability.pause(name);
  const shown = <Named extends { model: string }>(named: Named): Named => ({
    ...named,
    model: nameOf(name, named.model),
  });
  return {
    object: 'provider' as const,
    id: name,
    kind,
    registered: registered !== undefined,
    alive: registry.isAlive(name),
    ...(pause?.paused === true ? { paused: renderPause(pause) } : {}),
    dialects: registered?.dialects ?? [],
    ...(registered?.base_url === undefined ? {} : { base_url: registered.base_url }),
    concurrency,
    // A turn is active from its start to its settlement: nearly all of it is the call.
    in_use: queue.active,
    ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
    requests_last_minute: requests,
    queue: {
      ...queue,
      ...(oldestAt === undefined ? {} : { oldest_ms: Math.max(0, now - oldestAt) }),
    },
    waiting: rooms.map(shown).map(({ model, count, oldestAt: since }) => ({
      model,
      count,
      oldest_ms: Math.max(0, now - since),
    })),
    cooldowns: availability
      .cooldowns(name)
      .filter(({ cooling }) => cooling)
      .map((cooldown) =>
        renderCooldown(cooldown.scope === 'model' ? shown(cooldown) : cooldown, now),
      ),
    stale_names: dispatch.staleNameView.entries(name).map(shown).map(renderStaleName),
  };
}

export function renderPause({ since, reason }: Pause) {
  return { since: instant(since), ...(reason === undefined ? {} : { reason }) };
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
