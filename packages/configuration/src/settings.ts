import type { Dialect, Limits } from '@understudy/contracts';
import type { VerdictRule } from '@understudy/verdicts';

/** One configured provider: an account at a vendor. Durations in milliseconds. */
export interface ProviderSettings {
  name: string;
  kind: string;
  /** What the vendor's own SDK takes as base URL. */
  baseUrl?: string;
  /** Per dialect, the path up to what the dialect itself appends. */
  baseUrls?: Partial<Record<Dialect, string>>;
  apiKey?: string;
  /** Of the header that carries the key alone. */
  apiKeyHeader?: string;
  token?: string;
  accessToken?: string;
  /** Path of a service account's key file. */
  credentialsFile?: string;
  /** Of an OAuth client that gets its own tokens. */
  clientId?: string;
  clientSecret?: string;
  project?: string;
  location?: string;
  region?: string;
  /** Where requests may be processed, where that is wider or narrower than the region. */
  geography?: string;
  resource?: string;
  host?: string;
  preset?: string;
  /** Spoken by a server of which no preset says so, or other ones than it says; the preferred one first. */
  dialects?: Dialect[];
  /** The texts of all that its kind calls credentials, to be masked wherever its words are kept. */
  secrets: string[];
  /** Asked name → the provider's name. */
  models: Record<string, string>;
  passthrough: boolean;
  /** Whether it is told of the job's trace by the header `traceparent`; not unless set. */
  sendTraceparent?: boolean;
  concurrency: number;
  requestsPerMinute?: number;
  /** From the start of a call to the end of its answer; unset, reckoned for each call. */
  timeoutMs?: number;
  connectTimeoutMs: number;
  /** The operator's rows, before the kind's own. */
  verdicts: VerdictRule[];
}

export interface ArmSettings {
  provider: string;
  model?: string;
  weight: number;
  /** Undrawn arms are no fallbacks unless this is set. */
  fallback: boolean;
  timeoutMs?: number;
  maxQueueWaitMs?: number;
  contextWindow?: number;
}

export interface TargetSettings {
  provider: string;
  model?: string;
  timeoutMs?: number;
  maxQueueWaitMs?: number;
  contextWindow?: number;
}

export interface SplitSettings {
  split: ArmSettings[];
}

/** Which providers may see a request: these alone, or all but these. */
export interface ProviderRule {
  only?: string[];
  except?: string[];
}

export interface RouteSettings {
  name: string;
  targets: (TargetSettings | SplitSettings)[];
  /** `job`, `user` or `metadata.<key>`. */
  splitBy: string;
  maxCalls: number;
  expiresInMs?: number;
  onRefusal: 'accept' | 'next';
  onLoss: 'drop' | 'skip' | 'refuse';
  verdicts: VerdictRule[];
  providers?: ProviderRule;
}

/** How events are delivered to those who asked for them. */
export interface WebhookSettings {
  /** From the start of a try to the end of the answer. */
  timeoutMs: number;
  /** Delays before each try, the first one included; the last failure is final. */
  retriesMs: number[];
  /** Tries at a time to one endpoint. */
  concurrency: number;
  /** How long a settled delivery and its log are kept. */
  retentionMs: number;
  /** Largest answer that `include: result` puts into an event. */
  maxEventBytes: number;
}

/** Where the bytes of files live. */
export interface FileSettings {
  /**
   * Folder on this machine, relative to where the service is started; used unless `s3` is set. API
   * and batch-runner must see the same one.
   */
  path: string;
  /** Storage that speaks S3. Credentials come from the usual chain of the AWS SDKs. */
  s3?: {
    bucket: string;
    region?: string;
    /** Of storage other than Amazon's. */
    endpoint?: string;
    /** First part of every object's key. */
    prefix?: string;
    /** The bucket in the path rather than in the host name. */
    forcePathStyle?: boolean;
  };
  /** Largest file that may be uploaded. */
  maxBytes: number;
  /** How long a file is kept where its owner does not say. */
  retentionMs: number;
}

export interface BatchSettings {
  maxLines: number;
  /** Largest input of a batch. */
  maxBytes: number;
  /** Lines of one batch that are jobs at a time. */
  linesInFlight: number;
  /** How long the job of a line is kept after its result was moved to the output file. */
  lineRetentionMs: number;
}

/** Whether services measure what they do, and who may read it. */
export interface MetricsSettings {
  enabled: boolean;
  /** Where services other than the API serve metrics and health; nowhere where there is no port. */
  host: string;
  /** 0 takes any free one. */
  port?: number;
  /** Opens `/metrics` beside the API's admin keys; asked for at the other services where it is set. */
  token?: string;
}

/** What the JSON of a request may be made of. */
export interface JsonLimits {
  /** Of objects and arrays within each other. */
  jsonDepth: number;
  /** Objects and arrays together. */
  jsonContainers: number;
  /** Members of objects and items of arrays, each divided from the next by a comma. */
  jsonValues: number;
  /** Members of all its objects together. */
  jsonKeys: number;
  /** Of the longest text, or name of a member. */
  jsonStringCharacters: number;
}

export interface Settings {
  providers: Record<string, ProviderSettings>;
  routes: Record<string, RouteSettings>;
  /** Every model that a configured provider knows has a route by itself. */
  autoRoutes: boolean;
  redis: {
    /** Assume that Redis keeps what it acknowledges, where it cannot be asked. */
    durability: 'checked' | 'assumed';
    /** So many replicas must have a submit or a settlement before it counts. */
    replicas: number;
    /** Bytes the broker may use in Redis, on all servers together, where that is less than its `maxmemory`. */
    memoryBudgetBytes?: number;
    /** Share of that memory from which no new job is accepted. */
    highestMemoryShare: number;
  };
  /** What a request may be made of. */
  limits: { bodyBytes: number } & JsonLimits;
  server: {
    /** Of the API, in each of its processes; whoever comes beyond them is told to come again. */
    maxConnections: number;
    /** Where callers reach it: scheme, host and port, without a slash at the end. */
    publicUrl?: string;
  };
  outbound: {
    /** What URLs that callers give may reach beside public addresses, as `parseAllowEntry` takes it. */
    allow: string[];
    /** Whether images by their URL are fetched for providers that take them inline alone. */
    fetchImages: boolean;
    /** Of one image; all images of one call together may have four times as many. */
    maxImageBytes: number;
    /** For all images of one call together. */
    imageTimeoutMs: number;
  };
  /** Pages of other origins whose scripts may read the API's answers: none unless named. */
  cors: { origins: string[] };
  defaults: {
    expiresInMs: number;
    /** Longest wait of a call on a vendor's surface, and the life of its job unless told. */
    waitTimeoutMs: number;
    maxCalls: number;
    /** Longest stated or grown cool-down. */
    maxCooldownMs: number;
    /** How long finished jobs are kept. */
    retentionMs: number;
    /** SIGTERM to abort of running calls. */
    gracePeriodMs: number;
    /**
     * SIGTERM to the API's closed door; meanwhile `/readyz` says 503, so that balancers turn away.
     * Unset, the API goes by where it listens.
     */
    drainDelayMs?: number;
    /** A job that waits in a queue for so long rises by one priority; then again. */
    ageingMs: number;
  };
  webhooks: WebhookSettings;
  files: FileSettings;
  batches: BatchSettings;
  metrics: MetricsSettings;
  /** What each project may do at most; one that is not named has no limits. */
  projects: Record<string, Limits>;
  /** Where the jobs of each project may go, whatever route and job say; those that are not named, anywhere. */
  projectProviders: Record<string, ProviderRule>;
  /** Set when a file was read; absent when the settings come from the environment alone. */
  path?: string;
}
