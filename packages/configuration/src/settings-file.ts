import { dialectSchema, verdictSchema } from '@understudy/contracts';
import { z } from 'zod';
import { allowEntryProblem, isAllowEntry } from './allow-entry.ts';
import { isDuration } from './duration.ts';
import type { KindManifest } from './kind-manifest.ts';
import { suggestName } from './nearest-name.ts';

/** A mapping that takes no other members; names each one it does not know, a line each. */
function members<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map((key) => `unknown member; ${suggestName(key, Object.keys(shape))}`)
            .join('\n')
        : undefined,
  });
}

const numericText = (value: unknown) =>
  typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
const booleanText = (value: unknown) =>
  value === 'true' ? true : value === 'false' ? false : value;

// An environment variable is always text, so numbers and booleans are read from text too.
const positiveInteger = z.preprocess(numericText, z.int().positive());
const positiveNumber = z.preprocess(numericText, z.number().positive());
const boolean = z.preprocess(booleanText, z.boolean());
const text = z.string().min(1, { error: 'is empty' });

const duration = z
  .string({ error: 'expected a duration, such as 250ms, 30s, 5m, 1h or 7d' })
  .refine(isDuration, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not a duration; write a number and a unit, such as 250ms, 30s, 5m, 1h or 7d`,
  })
  .meta({ examples: ['30s', '5m', '250ms'] });

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: 'a provider is named with letters, digits, ".", "_" and "-", at most 64',
});

const BASE_URL_FORM = 'expected an http or https URL without user, query or fragment';
const baseUrl = z
  .url({ protocol: /^https?$/, error: BASE_URL_FORM })
  .refine((value) => !/[?#@]/.test(value), { error: BASE_URL_FORM });

const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)]);

const verdictOverride = members({
  status: oneOrMore(z.int().min(100).max(599)).optional(),
  type: oneOrMore(text).optional(),
  code: oneOrMore(text).optional(),
  message: oneOrMore(text).optional(),
  verdict: verdictSchema,
  cooldown: z.enum(['model', 'provider', 'none']).optional(),
}).refine(
  (row) => [row.status, row.type, row.code, row.message].some((value) => value !== undefined),
  {
    error: 'has no condition; give at least one of status, type, code, message',
  },
);

const commonProviderMembers = {
  baseUrl: baseUrl.optional(),
  baseUrls: z.partialRecord(dialectSchema, baseUrl).optional(),
  models: z.record(text, text).optional(),
  passthrough: boolean.optional(),
  sendTraceparent: boolean.optional(),
  concurrency: positiveInteger.optional(),
  limits: members({ requestsPerMinute: positiveNumber.optional() }).optional(),
  timeout: duration.optional(),
  connectTimeout: duration.optional(),
  verdicts: z.array(verdictOverride).optional(),
};

function providerSchema(kinds: readonly KindManifest[]) {
  const kindNames = kinds.map((manifest) => manifest.kind);
  const fields = new Set(kinds.flatMap((manifest) => manifest.fields));
  return members({
    ...Object.fromEntries([...fields].toSorted().map((field) => [field, text.optional()])),
    kind: z.enum(kindNames, {
      error: ({ input }) =>
        typeof input === 'string'
          ? `no kind named "${input}"; ${suggestName(input, kindNames)}`
          : `is missing; give one of ${kindNames.join(', ')}`,
    }),
    ...commonProviderMembers,
  });
}

const targetMembers = {
  provider: text,
  model: text.optional(),
  timeout: duration.optional(),
  maxQueueWait: duration.optional(),
  contextWindow: positiveInteger.optional(),
};
const arm = members({
  ...targetMembers,
  weight: z.preprocess(numericText, z.number().gt(0, { error: 'must be greater than 0' })),
  fallback: boolean.optional(),
});
const split = members({ split: z.array(arm).min(1, { error: 'is empty; name at least one arm' }) });

const providerNames = z.array(text).min(1, { error: 'is empty; name at least one provider' });

const route = members({
  targets: z
    .array(z.union([members(targetMembers), split]))
    .min(1, { error: 'is empty; name at least one target' }),
  splitBy: z
    .string()
    .regex(/^(job|user|metadata\..+)$/, { error: 'expected job, user or metadata.<key>' })
    .optional(),
  maxCalls: positiveInteger.optional(),
  expiresIn: duration.optional(),
  onRefusal: z.enum(['accept', 'next']).optional(),
  onLoss: z.enum(['drop', 'skip', 'refuse']).optional(),
  verdicts: z.array(verdictOverride).optional(),
  providers: members({
    only: providerNames.optional(),
    except: providerNames.optional(),
  }).optional(),
});

const allowEntry = z
  .string({ error: 'expected a host, an address or a network, such as 10.0.0.0/8' })
  .refine(isAllowEntry, { error: ({ input }) => allowEntryProblem(String(input)) })
  .meta({ examples: ['hooks.internal', 'hooks.internal:8080', '10.0.0.0/8'] });

/** As long as the shortest API key. */
const SHORTEST_TOKEN = 16;
export const metricsMembers = {
  enabled: boolean.optional(),
  host: text.optional(),
  port: z.preprocess(numericText, z.int().min(0).max(65_535)).optional(),
  token: z
    .string()
    .min(SHORTEST_TOKEN, { error: `must have at least ${SHORTEST_TOKEN} characters` })
    .optional(),
};

const projectName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: 'a project is named with a-z, 0-9 and "-", at most 63, and begins with no "-"',
});
const projectLimits = members({
  requestsPerMinute: positiveInteger.optional(),
  jobsWaiting: positiveInteger.optional(),
  bytesStored: positiveInteger.optional(),
  spendPerDay: positiveNumber.optional(),
  routes: z.array(text).min(1, { error: 'is empty; name at least one route' }).optional(),
  highestPriority: z
    .preprocess(numericText, z.union([z.enum(['high', 'normal', 'low']), z.int().min(0).max(9)]))
    .optional(),
});

const ORIGIN_FORM =
  'expected an origin as browsers send it, scheme, host and port alone, such as https://app.example.com';
/** What a browser says of the page that asks; `*` is none. */
const origin = z
  .string({ error: ORIGIN_FORM })
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: ({ input }) => `${JSON.stringify(input)} is no origin; ${ORIGIN_FORM}`,
  })
  .meta({ examples: ['https://app.example.com', 'http://localhost:3000'] });

/** The shape of `understudy.yaml`; which fields a provider takes comes from the kinds. */
export function settingsFileSchema(kinds: readonly KindManifest[]) {
  return members({
    providers: z.record(name, providerSchema(kinds)).optional(),
    routes: z.record(text, route).optional(),
    autoRoutes: boolean.optional(),
    redis: members({
      durability: z.enum(['checked', 'assumed']).optional(),
      replicas: positiveInteger.optional(),
      memoryBudgetBytes: positiveInteger.optional(),
      highestMemoryShare: z.preprocess(numericText, z.number().gt(0).max(1)).optional(),
    }).optional(),
    limits: members({
      bodyBytes: positiveInteger.optional(),
      jsonDepth: positiveInteger.optional(),
      jsonContainers: positiveInteger.optional(),
      jsonValues: positiveInteger.optional(),
      jsonKeys: positiveInteger.optional(),
      jsonStringCharacters: positiveInteger.optional(),
    }).optional(),
    server: members({ maxConnections: positiveInteger.optional() }).optional(),
    webhooks: members({
      timeout: duration.optional(),
      retries: z.array(duration).min(1, { error: 'is empty; name at least one delay' }).optional(),
      concurrency: positiveInteger.optional(),
      retention: duration.optional(),
      maxEventBytes: positiveInteger.optional(),
    }).optional(),
    files: members({
      path: text.optional(),
      s3: members({
        bucket: text,
        region: text.optional(),
        endpoint: baseUrl.optional(),
        prefix: text.optional(),
        forcePathStyle: boolean.optional(),
      }).optional(),
      maxBytes: positiveInteger.optional(),
      retention: duration.optional(),
    }).optional(),
    batches: members({
      maxLines: positiveInteger.optional(),
      maxBytes: positiveInteger.optional(),
      linesInFlight: positiveInteger.optional(),
      lineRetention: duration.optional(),
    }).optional(),
    metrics: members(metricsMembers).optional(),
    projects: z.record(projectName, projectLimits).optional(),
    outbound: members({
      allow: z.array(allowEntry).optional(),
      fetchImages: boolean.optional(),
      maxImageBytes: positiveInteger.optional(),
      imageTimeout: duration.optional(),
    }).optional(),
    cors: members({ origins: z.array(origin).optional() }).optional(),
    defaults: members({
      expiresIn: duration.optional(),
      waitTimeout: duration.optional(),
      maxCalls: positiveInteger.optional(),
      maxCooldown: duration.optional(),
      retention: duration.optional(),
      gracePeriod: duration.optional(),
      drainDelay: duration.optional(),
      ageing: duration.optional(),
    }).optional(),
  });
}

export type SettingsFile = z.infer<ReturnType<typeof settingsFileSchema>>;
export type ProviderFile = NonNullable<SettingsFile['providers']>[string];
export type RouteFile = NonNullable<SettingsFile['routes']>[string];
export type TargetFile = RouteFile['targets'][number];
export type FilesFile = NonNullable<SettingsFile['files']>;
export type BatchesFile = NonNullable<SettingsFile['batches']>;
export type MetricsFile = NonNullable<SettingsFile['metrics']>;
export type ProjectFile = z.infer<typeof projectLimits>;
export type OutboundFile = NonNullable<SettingsFile['outbound']>;
export type WebhooksFile = NonNullable<SettingsFile['webhooks']>;
export type VerdictFile = z.infer<typeof verdictOverride>;
