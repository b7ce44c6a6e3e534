import { prioritySchema } from '@understudy/contracts';
import type { Limits } from '@understudy/contracts';
import { buildProvider } from './build-provider.ts';
import { buildRoute } from './build-route.ts';
import { durationOr, parseDuration } from './duration.ts';
import type { KindManifest } from './kind-manifest.ts';
import type { OutboundFile } from './outbound-file.ts';
import { present } from './present.ts';
import type { ProjectFile } from './project-file.ts';
import type {
  BatchSettings,
  FileSettings,
  MetricsSettings,
  Settings,
  WebhookSettings,
} from './settings.ts';
import type {
  BatchesFile,
  FilesFile,
  MetricsFile,
  ServerFile,
  SettingsFile,
  WebhooksFile,
} from './settings-file.ts';

/** OpenAI's limit for the input of a batch. */
const DEFAULT_FILE_BYTES = 200 * 1024 * 1024;
const DEFAULT_FILES_PATH = '.data/files';
const DEFAULT_BODY_BYTES = 32 * 1024 * 1024;
/** A conversation of ten thousand messages, each with tools and their answers, has some 200 000. */
const DEFAULT_JSON_KEYS = 250_000;
/** The same conversation has some 60 000. */
const DEFAULT_JSON_CONTAINERS = 250_000;
/** Six times the tokens, each a number, that OpenAI takes in one request for embeddings. */
const DEFAULT_JSON_VALUES = 2_000_000;
/** Connections that wait for an answer take some 20 kB each. */
const DEFAULT_MAX_CONNECTIONS = 10_000;
/** What Anthropic takes of one image. */
const DEFAULT_IMAGE_BYTES = 5_000_000;
const DAY_MS = 86_400_000;
/** The timeout that the vendors' SDKs come with. */
const DEFAULT_WAIT_MS = 600_000;
const DEFAULT_MAX_CALLS = 25;
const DEFAULT_MEMORY_SHARE = 0.75;
const DEFAULT_AGEING_MS = 600_000;
/** The example schedule of Standard Webhooks 1.0.0: from at once to a day after the ninth try. */
const DEFAULT_RETRIES = ['0s', '5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'];

/** The checked file with all defaults, durations in milliseconds. */
export function buildSettings(file: SettingsFile, kinds: readonly KindManifest[]): Settings {
  const { defaults = {}, limits = {} } = file;
  const maxCalls = defaults.maxCalls ?? DEFAULT_MAX_CALLS;
  return {
    providers: mapValues(file.providers ?? {}, (provider, name) =>
      buildProvider(name, provider, kinds),
    ),
    routes: mapValues(file.routes ?? {}, (route, name) => buildRoute(name, route, maxCalls)),
    autoRoutes: file.autoRoutes ?? true,
    redis: {
      durability: file.redis?.durability ?? 'checked',
      replicas: file.redis?.replicas ?? 0,
      ...present({ memoryBudgetBytes: file.redis?.memoryBudgetBytes }),
      highestMemoryShare: file.redis?.highestMemoryShare ?? DEFAULT_MEMORY_SHARE,
    },
    limits: {
      bodyBytes: limits.bodyBytes ?? DEFAULT_BODY_BYTES,
      jsonDepth: limits.jsonDepth ?? 64,
      jsonContainers: limits.jsonContainers ?? DEFAULT_JSON_CONTAINERS,
      jsonValues: limits.jsonValues ?? DEFAULT_JSON_VALUES,
      jsonKeys: limits.jsonKeys ?? DEFAULT_JSON_KEYS,
      // A document in base64 may well be nearly all of a body.
      jsonStringCharacters: limits.jsonStringCharacters ?? DEFAULT_BODY_BYTES,
    },
    server: buildServer(file.server ?? {}),
    webhooks: buildWebhooks(file.webhooks ?? {}),
    files: buildFiles(file.files ?? {}),
    batches: buildBatches(file.batches ?? {}),
    metrics: buildMetrics(file.metrics ?? {}),
    ...buildProjects(file.projects ?? {}),
    outbound: buildOutbound(file.outbound ?? {}),
    cors: { origins: file.cors?.origins ?? [] },
    defaults: {
      expiresInMs: durationOr(defaults.expiresIn, DAY_MS),
      waitTimeoutMs: durationOr(defaults.waitTimeout, DEFAULT_WAIT_MS),
      maxCalls,
      maxCooldownMs: durationOr(defaults.maxCooldown, 3_600_000),
      retentionMs: durationOr(defaults.retention, 7 * DAY_MS),
      gracePeriodMs: durationOr(defaults.gracePeriod, 30_000),
      ...(defaults.drainDelay === undefined
        ? {}
        : { drainDelayMs: parseDuration(defaults.drainDelay) }),
      ageingMs: durationOr(defaults.ageing, DEFAULT_AGEING_MS),
    },
  };
}

function buildServer({ maxConnections, publicUrl }: ServerFile): Settings['server'] {
  return {
    maxConnections: maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    ...(publicUrl === undefined ? {} : { publicUrl: new URL(publicUrl).origin }),
  };
}

function buildOutbound(file: OutboundFile): Settings['outbound'] {
  return {
    allow: file.allow ?? [],
    fetchImages: file.fetchImages ?? true,
    maxImageBytes: file.maxImageBytes ?? DEFAULT_IMAGE_BYTES,
    imageTimeoutMs: durationOr(file.imageTimeout, 10_000),
  };
}

function buildWebhooks(file: WebhooksFile): WebhookSettings {
  return {
    timeoutMs: durationOr(file.timeout, 15_000),
    retriesMs: (file.retries ?? DEFAULT_RETRIES).map(parseDuration),
    concurrency: file.concurrency ?? 8,
    retentionMs: durationOr(file.retention, 7 * DAY_MS),
    maxEventBytes: file.maxEventBytes ?? 64 * 1024,
  };
}

function buildFiles({ path, s3, maxBytes, retention }: FilesFile): FileSettings {
  return {
    path: path ?? DEFAULT_FILES_PATH,
    ...(s3 === undefined ? {} : { s3: { bucket: s3.bucket, ...present(s3) } }),
    maxBytes: maxBytes ?? DEFAULT_FILE_BYTES,
    retentionMs: durationOr(retention, 30 * DAY_MS),
  };
}

function buildBatches(file: BatchesFile): BatchSettings {
  return {
    maxLines: file.maxLines ?? 50_000,
    maxBytes: file.maxBytes ?? DEFAULT_FILE_BYTES,
    linesInFlight: file.linesInFlight ?? 3000,
    lineRetentionMs: durationOr(file.lineRetention, DAY_MS),
  };
}

function buildMetrics({ enabled, host, port, token }: MetricsFile): MetricsSettings {
  return { enabled: enabled ?? true, host: host ?? '127.0.0.1', ...present({ port, token }) };
}

/** A project of which the file says where its jobs may go, and nothing else, has no limits by that. */
function buildProjects(
  files: Record<string, ProjectFile>,
): Pick<Settings, 'projects' | 'projectProviders'> {
  const entries = Object.entries(files);
  const limited = entries.filter(
    ([, { providers, ...limits }]) => providers === undefined || Object.keys(limits).length > 0,
  );
  return {
    projects: mapValues(Object.fromEntries(limited), buildLimits),
    projectProviders: Object.fromEntries(
      entries.flatMap(([name, { providers }]) =>
        providers === undefined ? [] : [[name, present(providers)]],
      ),
    ),
  };
}

function buildLimits(file: ProjectFile): Limits {
  return present({
    requests_per_minute: file.requestsPerMinute,
    jobs_waiting: file.jobsWaiting,
    bytes_stored: file.bytesStored,
    spend_per_day: file.spendPerDay,
    routes: file.routes,
    highest_priority:
      file.highestPriority === undefined ? undefined : prioritySchema.parse(file.highestPriority),
  });
}

function mapValues<In, Out>(
  record: Record<string, In>,
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}
