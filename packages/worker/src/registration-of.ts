import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Registration } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import type { ProviderConnection } from '@understudy/provider';

/** What everyone may know of a provider. */
export function registrationOf(
  settings: ProviderSettings,
  connection: ProviderConnection,
): Registration {
  const { names } = connection;
  return {
    v: SCHEMA_VERSION,
    provider: settings.name,
    kind: settings.kind,
    vendor: connection.vendor,
    dialects: [...connection.dialects],
    models: { ...names.models },
    accepts: [...(names.accepts ?? [])],
    retired: { ...names.retired },
    overrides: settings.models,
    passthrough: settings.passthrough || connection.passthrough === true,
    concurrency: settings.concurrency,
    ...(settings.requestsPerMinute === undefined
      ? {}
      : { requests_per_minute: settings.requestsPerMinute }),
    ...(connection.baseUrl === undefined ? {} : { base_url: connection.baseUrl }),
  };
}
