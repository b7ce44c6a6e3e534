import type { KnownNames } from './name-tables.ts';
import type { ModelList } from './model-lists.ts';

export interface ListComparison {
  /** How many of our ids were looked for. */
  judged: number;
  /** Ids of ours that the provider does not list. */
  unlisted: string[];
  /** Ids that the provider lists and no table has. */
  unknown: string[];
}

/**
 * What a provider's own list says of our names for it. Retired names need not be on it. Pure.
 * @param todayIso date as `2026-11-22`
 */
export function compareList(
  list: Pick<ModelList, 'provider' | 'only' | 'byPrefix'>,
  listed: ReadonlySet<string>,
  known: KnownNames,
  todayIso: string,
): ListComparison {
  const isOurs = ({ provider }: { provider: string }): boolean => provider === list.provider;
  const tables = known.tables.filter(isOurs);
  const accepted = known.accepted.filter(isOurs).flatMap(({ names }) => names);
  const retired = new Set(
    known.retired
      .filter(isOurs)
      .flatMap(({ dates }) => Object.entries(dates))
      .filter(([, date]) => date <= todayIso)
      .map(([canonical]) => canonical),
  );
  const served = tables.flatMap(({ models }) =>
    Object.entries(models)
      .filter(([canonical]) => !retired.has(canonical))
      .map(([, id]) => id),
  );
  const prefixes = new Set([...listed].map(prefixOf));
  const judged = [...new Set(served)].filter(
    (id) => id.startsWith(list.only ?? '') && (!list.byPrefix || prefixes.has(prefixOf(id))),
  );
  const ours = new Set([...tables.flatMap(({ models }) => Object.values(models)), ...accepted]);
  return {
    judged: judged.length,
    unlisted: judged.filter((id) => !listed.has(id)).toSorted(),
    unknown: [...listed].filter((id) => !ours.has(id)).toSorted(),
  };
}

function prefixOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}
