import { ConfigurationError } from '@understudy/configuration';
import type { Settings } from '@understudy/configuration';

/** Which providers a worker service serves, by their names, separated by commas; empty is unset. */
const PROVIDERS_VARIABLE = 'UNDERSTUDY_PROVIDERS';

/** Tells the providers that a worker service is for. */
export type Chosen = (provider: string) => boolean;

/** All of the kind's unless the environment names some, so that each can have workers of its own. */
export function chosenProviders(environment: Readonly<Record<string, string | undefined>>): Chosen {
  const names = namesIn(environment);
  return names.length === 0 ? () => true : (provider) => names.includes(provider);
}

/**
 * Makes sure that no name is mistaken. One may be of another kind: services can share the variable.
 * @throws ConfigurationError listing the names that no provider has
 */
export function checkChosen(
  environment: Readonly<Record<string, string | undefined>>,
  { providers }: Pick<Settings, 'providers'>,
): void {
  const known = Object.keys(providers);
  const others = known.length === 0 ? 'there are none' : `known are ${known.toSorted().join(', ')}`;
  const problems = namesIn(environment)
    .filter((name) => !known.includes(name))
    .map((name) => `${PROVIDERS_VARIABLE}: no provider named "${name}"; ${others}`);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

function namesIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  return (environment[PROVIDERS_VARIABLE] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
