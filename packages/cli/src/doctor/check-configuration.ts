import type { KindManifest, ProviderSettings } from '@understudy/configuration';
import { fail, ok, type Finding } from './finding.ts';
import type { Configuration } from './read-configuration.ts';

/**
 * Whether the configuration that a broker started here would read is right, and holds a credential
 * for each provider. Nothing where this machine has neither a file nor a provider's variables.
 */
export function checkConfiguration({ path, kinds, settings, problems }: Configuration): Finding[] {
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
  const secrets = kinds.find(({ kind }) => kind === provider.kind)?.credentials ?? [];
  const present = Object.entries(provider).flatMap(([field, value]) =>
    secrets.includes(field) && value !== undefined && value !== '' ? [field] : [],
  );
  const about = `credentials of ${provider.name}`;
  if (present.length > 0) return ok(about, `${present.join(', ')} set`);
  if (secrets.length === 0) return ok(about, 'it needs none');
  // The configuration has been checked for what the kind cannot do without.
  return ok(
    about,
    `none of ${secrets.join(', ')} set: it goes by what its vendor's tools find on the machine`,
  );
}
