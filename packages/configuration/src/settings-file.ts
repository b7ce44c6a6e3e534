import { z } from 'zod';
import {
  baseUrl,
  boolean,
  delay,
  duration,
  members,
  numericText,
  positiveInteger,
  section,
  setting,
  span,
  text,
  timeout,
} from './file-values.ts';
import type { KindManifest } from './kind-manifest.ts';
import { outboundFile } from './outbound-file.ts';
import { projectsFile } from './project-file.ts';
import { providerFile } from './provider-file.ts';
import { routeFile } from './route-file.ts';

const providerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: 'a provider is named with letters, digits, ".", "_" and "-", at most 64',
});

/** As long as the shortest API key. */
const SHORTEST_TOKEN = 16;
export const metricsMembers = {
  enabled: setting(boolean, 'Whether services measure what they do.', true),
  host: setting(
    text,
    'Where services other than the API serve metrics and health, once `port` is set.',
    '127.0.0.1',
  ),
  port: setting(
    z.preprocess(numericText, z.int().min(0).max(65_535)),
    'Their port; 0 takes any free one. They serve neither where absent.',
  ),
  token: setting(
    z.string().min(SHORTEST_TOKEN, { error: `must have at least ${SHORTEST_TOKEN} characters` }),
    "Opens `/metrics` beside the API's admin keys, and is asked for at the other services where it is set.",
  ),
};

const ORIGIN_FORM =
  'expected an origin as browsers send it, scheme, host and port alone, such as https://app.example.com';
/** What a browser says of the page that asks; `*` is none. */
const origin = z
  .string({ error: ORIGIN_FORM })
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, {
    error: ({ input }) => `${JSON.stringify(input)} is no origin; ${ORIGIN_FORM}`,
  })
  .meta({ examples: ['https://app.example.com', 'http://localhost:3000'] });

const PUBLIC_URL_FORM =
  'expected an http or https URL of scheme, host and port alone, such as https://llm.example.com';
const publicUrl = z
  .string({ error: PUBLIC_URL_FORM })
  .refine(isHttpOrigin, {
    error: ({ input }) => `${JSON.stringify(input)} is no such URL; ${PUBLIC_URL_FORM}`,
  })
  .meta({ examples: ['https://llm.example.com'] });

function isHttpOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

/** The shape of `understudy.yaml`; which fields a provider takes comes from the kinds. */
export function settingsFileSchema(kinds: readonly KindManifest[]) {
  return members({
    providers: setting(
      z.record(providerName, providerFile(kinds)),
      'Accounts at vendors, by name.',
    ),
    routes: setting(
      z.record(text, routeFile),
      'Names that jobs ask for, beside those of `autoRoutes`.',
    ),
    autoRoutes: setting(
      boolean,
      "Whether every model that a configured provider knows has a route by itself, the vendor's own provider first.",
      true,
    ),
    redis: section('What the broker expects of Redis.', {
      durability: setting(
        z.enum(['checked', 'assumed']),
        'Whether services ask Redis that it keeps what it accepts, or take your word for it.',
        'checked',
      ),
      replicas: setting(
        positiveInteger,
        'So many replicas must have a submit, and the end of a job, before it counts; none where absent.',
      ),
      memoryBudgetBytes: setting(
        positiveInteger,
        'What the broker may use of Redis, on all servers together, where that is less than its `maxmemory`.',
      ),
      highestMemoryShare: setting(
        z.preprocess(numericText, z.number().gt(0).max(1)),
        'Share of that memory from which no new job is accepted.',
        0.75,
      ),
    }),
    limits: section('What the body of a request may be made of.', {
      bodyBytes: setting(positiveInteger, 'Bytes.', 33_554_432),
      jsonDepth: setting(positiveInteger, 'Objects and arrays within each other.', 64),
      jsonContainers: setting(positiveInteger, 'Objects and arrays together.', 250_000),
      jsonValues: setting(
        positiveInteger,
        'Members of objects and items of arrays together.',
        2_000_000,
      ),
      jsonKeys: setting(positiveInteger, 'Members of all objects together.', 250_000),
      jsonStringCharacters: setting(
        positiveInteger,
        'Of the longest text, or name of a member.',
        33_554_432,
      ),
    }),
    server: section('The door of the API.', {
      maxConnections: setting(positiveInteger, 'At a time, in each process.', 10_000),
      publicUrl: setting(
        publicUrl,
        'Where callers reach it, for addresses in its answers; what the headers `Host` and `X-Forwarded-Proto` say where absent.',
      ),
    }),
    webhooks: section('How events are delivered.', {
      timeout: setting(timeout, 'From the start of a try to the end of its answer.', '15s'),
      retries: setting(
        z.array(duration).min(1, { error: 'is empty; name at least one delay' }),
        'The delay before each try, the first one included; the last failure is final.',
        ['0s', '5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'],
      ),
      concurrency: setting(positiveInteger, 'Tries at a time to one endpoint.', 8),
      retention: setting(span, 'How long a settled delivery and its log are kept.', '7d'),
      maxEventBytes: setting(
        positiveInteger,
        'The largest answer that `include: result` puts into an event.',
        65_536,
      ),
    }),
    files: section(
      'Where the bytes of files are, a place that one broker has to itself, and how many.',
      {
        path: setting(
          text,
          'A folder that API and batch-runner share, unless `s3` is set; `npm start` puts it below its data.',
          '.data/files',
        ),
        s3: section(
          'Storage that speaks S3. Credentials come from the environment, as for the AWS SDKs.',
          {
            bucket: text.meta({ description: 'Its name.' }),
            region: setting(text, 'Where it is; what the environment says where absent.'),
            endpoint: setting(baseUrl, "Address of storage other than Amazon's."),
            prefix: setting(text, "First part of every object's key."),
            forcePathStyle: setting(
              boolean,
              'Whether the bucket stands in the path rather than in the host name; as the endpoint suggests where absent.',
            ),
          },
        ),
        maxBytes: setting(positiveInteger, 'The largest file that may be uploaded.', 209_715_200),
        retention: setting(span, 'How long a file is kept where its owner does not say.', '30d'),
      },
    ),
    batches: section('Files of many requests.', {
      maxLines: setting(positiveInteger, 'Of one batch.', 50_000),
      maxBytes: setting(positiveInteger, 'The largest input of a batch.', 209_715_200),
      linesInFlight: setting(positiveInteger, 'Lines of one batch that are jobs at a time.', 3000),
      lineRetention: setting(
        duration,
        "How long a line's job is kept after its answer was moved to the file.",
        '1d',
      ),
    }),
    metrics: section('Metrics and health.', metricsMembers),
    projects: projectsFile,
    outbound: outboundFile,
    cors: section('Pages of other origins whose scripts may read answers of the API.', {
      origins: setting(z.array(origin), 'Exact origins.', []),
    }),
    defaults: section('What holds where nobody says otherwise.', {
      expiresIn: setting(span, 'Life of a job, from its submit.', '24h'),
      waitTimeout: setting(
        timeout,
        "How long a vendor's call waits for its answer, and the life of its job.",
        '10m',
      ),
      maxCalls: setting(positiveInteger, 'Calls that one job may take.', 25),
      maxCooldown: setting(
        duration,
        'The longest that a provider or a model cools down at a time.',
        '1h',
      ),
      retention: setting(span, 'How long a job is kept after its end.', '7d'),
      gracePeriod: setting(
        delay,
        'From SIGTERM until running calls are cut and made again elsewhere.',
        '30s',
      ),
      drainDelay: setting(
        delay,
        'From SIGTERM until the API closes its door; meanwhile `/readyz` says 503. 5 s where absent, none on loopback.',
      ),
      ageing: setting(
        span,
        'A job that waits in a queue for so long rises by one priority; then again.',
        '10m',
      ),
    }),
  });
}

export type SettingsFile = z.infer<ReturnType<typeof settingsFileSchema>>;
export type FilesFile = NonNullable<SettingsFile['files']>;
export type BatchesFile = NonNullable<SettingsFile['batches']>;
export type MetricsFile = NonNullable<SettingsFile['metrics']>;
export type ServerFile = NonNullable<SettingsFile['server']>;
export type WebhooksFile = NonNullable<SettingsFile['webhooks']>;
