import type { ProviderSettings } from '@understudy/configuration';

/** Settings of a provider named `tested`, with the defaults a configuration would give. */
export function providerSettings(
  kind: string,
  members: Partial<ProviderSettings>,
): ProviderSettings {
  return {
    name: 'tested',
    kind,
    secrets: [],
    models: {},
    passthrough: false,
    concurrency: 8,
    timeoutMs: 5000,
    connectTimeoutMs: 1000,
    verdicts: [],
    ...members,
  };
}
