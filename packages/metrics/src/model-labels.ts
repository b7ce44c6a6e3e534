import type { Settings } from '@understudy/configuration';
import type { Registration } from '@understudy/contracts';
import { canonicalName } from '@understudy/models';

const UNKNOWN = 'other';
const NONE = 'none';

/** What names a model in a label, or to any project; never a text that a caller made up. */
export type ModelLabel = (provider: string, model: string | undefined) => string;

/**
 * A provider may take any name as it is, and a caller may write anything there: only a name out of
 * a table, a registration or a route of the configuration becomes a label.
 */
export function createModelLabels(
  registration: (provider: string) => Registration | undefined,
  settings: () => Pick<Settings, 'routes'>,
): ModelLabel {
  const registered = new WeakMap<Registration, ReadonlySet<string>>();
  const routed = new WeakMap<Settings['routes'], ReadonlySet<string>>();
  return (provider, model) => {
    if (model === undefined) return NONE;
    const known = registration(provider);
    if (known !== undefined && cached(registered, known, registeredNames).has(model)) return model;
    if (cached(routed, settings().routes, routedNames).has(model)) return model;
    return canonicalName(model) ?? UNKNOWN;
  };
}

function registeredNames({ models, overrides, accepts }: Registration): string[] {
  return [...Object.values(models), ...Object.values(overrides), ...accepts];
}

function routedNames(routes: Settings['routes']): string[] {
  const targets = Object.values(routes).flatMap((route) => route.targets);
  return targets
    .flatMap((target) => ('split' in target ? target.split : [target]))
    .flatMap(({ model }) => model ?? []);
}

function cached<Source extends object>(
  cache: WeakMap<Source, ReadonlySet<string>>,
  source: Source,
  read: (source: Source) => string[],
): ReadonlySet<string> {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const made = new Set(read(source));
  cache.set(source, made);
  return made;
}
