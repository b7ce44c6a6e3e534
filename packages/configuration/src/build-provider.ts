import { buildVerdicts } from './build-verdicts.ts';
import { durationOr, parseDuration } from './duration.ts';
import type { KindManifest } from './kind-manifest.ts';
import { present } from './present.ts';
import type { ProviderFile } from './provider-file.ts';
import type { ProviderSettings } from './settings.ts';

const DEFAULT_CONCURRENCY = 16;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** A provider with all defaults, and of the kinds' fields those of its own kind. */
export function buildProvider(
  name: string,
  file: ProviderFile,
  kinds: readonly KindManifest[],
): ProviderSettings {
  const { fields = {}, credentials = [] } =
    kinds.find((manifest) => manifest.kind === file.kind) ?? {};
  const values: Record<string, unknown> = file;
  const own = present(
    Object.fromEntries(Object.keys(fields).map((field) => [field, values[field]])),
  );
  const settings: ProviderSettings = {
    name,
    kind: file.kind,
    secrets: credentials.map((field) => values[field]).filter((value) => typeof value === 'string'),
    models: file.models ?? {},
    passthrough: file.passthrough ?? false,
    concurrency: file.concurrency ?? DEFAULT_CONCURRENCY,
    connectTimeoutMs: durationOr(file.connectTimeout, DEFAULT_CONNECT_TIMEOUT_MS),
    verdicts: buildVerdicts('provider', file.verdicts),
    ...present({
      baseUrl: file.baseUrl,
      baseUrls: file.baseUrls && present(file.baseUrls),
      requestsPerMinute: file.limits?.requestsPerMinute,
      sendTraceparent: file.sendTraceparent,
      timeoutMs: file.timeout === undefined ? undefined : parseDuration(file.timeout),
    }),
  };
  return Object.assign(settings, own);
}
