import { canonicalName } from './canonical-name.ts';
import type { NamedModels } from './name-lookup.ts';

/**
 * Our name of a model from the name that is sent to a provider: what the operator or the
 * provider's table maps to it, else what the name itself says. A name that the operator chose
 * for a known model means that model; one that he chose under his own name stays unknown.
 * @returns undefined where nobody knows the model behind the name
 */
export function nameOfSent(
  sent: string,
  registration: Pick<NamedModels, 'models' | 'overrides'>,
): string | undefined {
  const asked = namesSentAs(sent, registration.overrides).concat(
    namesSentAs(sent, registration.models),
  );
  for (const name of [...asked, sent]) {
    const canonical = canonicalName(name);
    if (canonical !== undefined) return canonical;
  }
  return undefined;
}

type Names = Readonly<Record<string, string>>;

/** Of each table of names, by what is sent: a provider's has hundreds, and each call asks twice. */
const turned = new WeakMap<Names, ReadonlyMap<string, readonly string[]>>();

function namesSentAs(sent: string, names: Names): readonly string[] {
  let bySent = turned.get(names);
  if (bySent === undefined) {
    const entries = Object.entries(names);
    const grouped = Map.groupBy(entries, ([, model]) => model);
    bySent = new Map([...grouped].map(([model, group]) => [model, group.map(([name]) => name)]));
    turned.set(names, bySent);
  }
  return bySent.get(sent) ?? [];
}
