import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Registration } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import { canonicalName } from '@understudy/models';
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
    dialects_by_model: dialectsByModel(settings, connection),
    ...(connection.reasonsBesideFunctionsIn === undefined
      ? {}
      : { reasons_beside_functions_in: connection.reasonsBesideFunctionsIn }),
    ...(connection.refuses === undefined ? {} : { refuses: refusedOf(connection.refuses) }),
    ...(connection.inlineFilesIn === undefined
      ? {}
      : { inline_files: [...connection.inlineFilesIn] }),
    ...(connection.mostStops === undefined ? {} : { most_stops: { ...connection.mostStops } }),
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

function refusedOf(
  refuses: NonNullable<ProviderConnection['refuses']>,
): NonNullable<Registration['refuses']> {
  return Object.fromEntries(
    Object.entries(refuses).map(([dialect, members]) => [dialect, [...members]]),
  );
}

/** The models that are reached in other dialects than the provider's usual ones. */
function dialectsByModel(
  settings: ProviderSettings,
  { names, dialectsOf }: ProviderConnection,
): Registration['dialects_by_model'] {
  const named = { ...names.models, ...settings.models };
  const accepted = (names.accepts ?? []).map((name): [string, string] => [name, name]);
  return Object.fromEntries(
    [...Object.entries(named), ...accepted].flatMap(([name, sent]) => {
      const canonical = canonicalName(name) ?? canonicalName(sent);
      const dialects = dialectsOf?.({ sent, ...(canonical === undefined ? {} : { canonical }) });
      return dialects === undefined
        ? []
        : [
            [name, [...dialects]],
            [sent, [...dialects]],
          ];
    }),
  );
}
