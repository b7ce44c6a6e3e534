import { join } from 'node:path';
import {
  ConfigurationError,
  loadSettings,
  readKindManifests,
  type KindManifest,
  type ProviderSettings,
} from '@understudy/configuration';
import type { Session } from '../session.ts';
import { fail, ok, type Finding } from './finding.ts';

/**
 * Whether the configuration that a broker started here would read is right, and holds a credential
 * for each provider. Nothing where this machine has neither a file nor a provider's variables.
 */
export function checkConfiguration({ environment, root }: Session): Finding[] {
  const path = environment['UNDERSTUDY_CONFIG'] ?? '';
  const about = 'configuration';
  const kinds = readKindManifests(join(root, 'services'));
  try {
    const settings = loadSettings({
      ...(path === '' ? {} : { path }),
      environment,
      kinds,
      credentials: 'resolve',
    });
    const providers = Object.values(settings.providers);
    if (path === '' && providers.length === 0) return [];
    const source = path === '' ? 'the environment' : path;
    return [
      ok(
        about,
        `${source} is right: ${providers.length} providers, ${Object.keys(settings.routes).length} routes`,
      ),
      ...providers.map((provider) => credentialFinding(provider, kinds)),
    ];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const where = error.file === undefined ? '' : `${error.file}: `;
    return error.problems.map((problem) => fail(about, `${where}${problem}`));
  }
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
