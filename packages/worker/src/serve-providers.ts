import { ConfigurationError } from '@understudy/configuration';
import type { Settings } from '@understudy/configuration';
import { createDispatcher } from '@understudy/provider';
import type { ProviderKind } from '@understudy/provider';
import type { Chosen } from './chosen-providers.ts';
import { registrationOf } from './registration-of.ts';
import type { ServedProvider } from './worker-context.ts';

/**
 * Connects every configured provider of the kind that is chosen.
 * @throws ConfigurationError with the problems of all of them
 */
export function serveProviders(
  kind: ProviderKind,
  settings: Settings,
  chosen: Chosen = () => true,
): ReadonlyMap<string, ServedProvider> {
  const served = new Map<string, ServedProvider>();
  const problems: string[] = [];
  for (const provider of Object.values(settings.providers)) {
    if (provider.kind !== kind.name || !chosen(provider.name)) continue;
    try {
      const connection = kind.connect(provider);
      served.set(provider.name, {
        settings: provider,
        connection,
        registration: registrationOf(provider, connection),
        dispatcher: createDispatcher({
          connections: provider.concurrency,
          connectTimeoutMs: provider.connectTimeoutMs,
        }),
      });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return served;
}
