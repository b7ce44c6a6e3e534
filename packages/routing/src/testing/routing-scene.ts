import type { ProviderSettings, RouteSettings, Settings } from '@understudy/configuration';
import type {
  Cooldown,
  JobProgress,
  JobRequest,
  Registration,
  StaleName,
} from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import type { RoutingViews, TargetAvailability } from '../routing-views.ts';

export const NOON = Date.UTC(2026, 10, 22, 12);

export interface SceneProvider {
  /** What the provider registered; null when no worker ever did. */
  registration?: Partial<Registration> | null;
  alive?: boolean;
  /** Of every model, or by the provider's name of the model. */
  availability?: TargetAvailability | Record<string, TargetAvailability>;
  /** Until when the provider's names are stale: of every model, or by the name. */
  staleUntil?: number | Record<string, number>;
}

/** Providers that all know the model `m` as `m-at-<provider>`, are alive and open unless told. */
export function scene(
  providers: Record<string, SceneProvider>,
  routes: Record<string, Partial<RouteSettings>> = {},
  settings: Partial<Settings> = {},
): RoutingViews {
  return {
    settings: settingsOf(
      Object.keys(providers).map((name) => providerSettings(name)),
      routes,
      settings,
    ),
    registration: (name) => {
      const given = providers[name]?.registration;
      return given === null || providers[name] === undefined
        ? undefined
        : registrationOf(name, given ?? {});
    },
    isAlive: (name) => providers[name]?.alive ?? true,
    availability: (name, model) => availabilityOf(providers[name]?.availability, model),
    staleName: (name, model, now) => {
      const given = providers[name]?.staleUntil;
      const until = typeof given === 'object' ? given[model] : given;
      return until === undefined || until <= now ? undefined : staleName(name, model, until);
    },
  };
}

function availabilityOf(given: SceneProvider['availability'], model: string): TargetAvailability {
  if (given === undefined) return { kind: 'open' };
  if (isAvailability(given)) return given;
  return given[model] ?? { kind: 'open' };
}

function isAvailability(
  given: NonNullable<SceneProvider['availability']>,
): given is TargetAvailability {
  return typeof given.kind === 'string';
}

export function registrationOf(provider: string, given: Partial<Registration>): Registration {
  return {
    v: SCHEMA_VERSION,
    provider,
    kind: 'openai',
    vendor: 'openai',
    dialects: ['chat-completions'],
    dialects_by_model: {},
    models: { m: `m-at-${provider}` },
    accepts: [],
    retired: {},
    overrides: {},
    passthrough: false,
    concurrency: 4,
    ...given,
  };
}

/** Whole settings with these providers and routes, all else as by default. */
export function settingsOf(
  providers: readonly ProviderSettings[],
  routes: Record<string, Partial<RouteSettings>>,
  given: Partial<Settings> = {},
): Settings {
  return {
    providers: Object.fromEntries(providers.map((provider) => [provider.name, provider])),
    routes: Object.fromEntries(
      Object.entries(routes).map(([name, route]) => [name, routeSettings(name, route)]),
    ),
    autoRoutes: true,
    redis: { durability: 'checked', replicas: 0, highestMemoryShare: 0.9 },
    limits: {
      bodyBytes: 1_000_000,
      jsonDepth: 64,
      jsonContainers: 100_000,
      jsonValues: 1_000_000,
      jsonKeys: 100_000,
      jsonStringCharacters: 1_000_000,
    },
    server: { maxConnections: 1000 },
    outbound: { allow: [], fetchImages: true, maxImageBytes: 5_000_000, imageTimeoutMs: 10_000 },
    cors: { origins: [] },
    webhooks: {
      timeoutMs: 15_000,
      retriesMs: [0, 5000, 300_000],
      concurrency: 8,
      retentionMs: 604_800_000,
      maxEventBytes: 65_536,
    },
    files: { path: '.data/files', maxBytes: 209_715_200, retentionMs: 2_592_000_000 },
    batches: {
      maxLines: 50_000,
      maxBytes: 209_715_200,
      linesInFlight: 1000,
      lineRetentionMs: 86_400_000,
    },
    metrics: { enabled: true, host: '127.0.0.1' },
    projects: {},
    projectProviders: {},
    defaults: {
      expiresInMs: 86_400_000,
      waitTimeoutMs: 600_000,
      maxCalls: 25,
      maxCooldownMs: 3_600_000,
      retentionMs: 604_800_000,
      gracePeriodMs: 30_000,
      ageingMs: 600_000,
    },
    ...given,
  };
}

export function providerSettings(
  name: string,
  given: Partial<ProviderSettings> = {},
): ProviderSettings {
  return {
    name,
    kind: 'openai',
    secrets: [],
    models: {},
    passthrough: false,
    concurrency: 4,
    timeoutMs: 10_000,
    connectTimeoutMs: 1000,
    verdicts: [],
    ...given,
  };
}

function routeSettings(name: string, route: Partial<RouteSettings>): RouteSettings {
  return {
    name,
    targets: [],
    splitBy: 'job',
    maxCalls: 25,
    onRefusal: 'accept',
    onLoss: 'drop',
    verdicts: [],
    ...route,
  };
}

export function staleName(provider: string, model: string, until: number): StaleName {
  const rule = 'default.code_model_not_found';
  return { v: SCHEMA_VERSION, provider, model, since: until - 60_000, until, rule, failures: 1 };
}

export function cooling(until: number): TargetAvailability {
  const cooldown: Cooldown = {
    v: SCHEMA_VERSION,
    provider: 'any',
    scope: 'model',
    model: 'any',
    cooling: true,
    started_at: NOON - 1000,
    until,
    failures: 1,
    rule: 'default.status_429',
    probes: {},
    revision: 1,
  };
  return { kind: 'cooling', until, cooldown };
}

export function jobRequest(given: Partial<JobRequest> = {}): JobRequest {
  return {
    v: SCHEMA_VERSION,
    id: 'job_1',
    project: 'default',
    endpoint: '/v1/chat/completions',
    dialect: 'chat-completions',
    model: 'm',
    priority: 5,
    order: 1_048_000,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    created_at: NOON,
    expires_at: NOON + 86_400_000,
    ...given,
  };
}

/** A job that was just accepted, or has come as far as told. */
export function jobProgress(given: Partial<JobProgress> = {}): JobProgress {
  return {
    v: SCHEMA_VERSION,
    route: 'm',
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: [],
    closed: {},
    draws: {},
    place: { kind: 'waiting', since: NOON, reason: 'backoff', until: NOON, rooms: [] },
    waits: [],
    skips: {},
    ...given,
  };
}
