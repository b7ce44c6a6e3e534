import type { KindManifest, ProviderSettings } from '@understudy/configuration';
import { isPrivateHost } from '@understudy/outbound';
import { fail, ok, warn, type Finding } from './finding.ts';
import type { Configuration } from './read-configuration.ts';

/**
 * Whether the configuration that a broker started here would read is right, and holds a credential
 * for each provider. Nothing where this machine has neither a file nor a provider's variables.
 */
export function checkConfiguration({
  path,
  kinds,
  settings,
  problems,
}: Omit<Configuration, 'redis'>): Finding[] {
  const about = 'configuration';
  if (settings === undefined) return problems.map((problem) => fail(about, problem));
  const providers = Object.values(settings.providers);
  if (path === undefined && providers.length === 0) return [];
  return [
    ok(
      about,
      `${path ?? 'the environment'} is right: ${providers.length} providers, ${Object.keys(settings.routes).length} routes`,
    ),
    ...providers.map((provider) => credentialFinding(provider, kinds)),
  ];
}

function credentialFinding(provider: ProviderSettings, kinds: readonly KindManifest[]): Finding {
  const { credentials = [], findsCredentials } =
    kinds.find(({ kind }) => kind === provider.kind) ?? {};
  const present = Object.entries(provider).flatMap(([field, value]) =>
    credentials.includes(field) && value !== undefined && value !== '' ? [field] : [],
  );
  const about = `credentials of ${provider.name}`;
  if (present.length > 0) return ok(about, `${present.join(', ')} set`);
  if (credentials.length === 0) return ok(about, 'it needs none');
  const none = `none of ${credentials.join(', ')} set:`;
  // The configuration has been checked for what the kind cannot do without.
  if (findsCredentials === true) {
    return ok(about, `${none} it goes by what its vendor's tools find on the machine`);
  }
  const tell = isServerOfOnesOwn(provider) ? ok : warn;
  return tell(about, `${none} calls go without one`);
}

/** Whether all that it calls lies in a network of the operator's own. */
function isServerOfOnesOwn({ baseUrl, baseUrls = {} }: ProviderSettings): boolean {
  const urls = [baseUrl, ...Object.values(baseUrls)].filter((url) => url !== undefined);
  return urls.length > 0 && urls.every((url) => isPrivateHost(new URL(url).hostname));
}
