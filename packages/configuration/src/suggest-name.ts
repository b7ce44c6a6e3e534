import { nearNames } from './near-names.ts';

const MOST_LISTED = 20;

/** What to tell about a name that is not known: the one that it looks like, else those that there are. */
export function suggestName(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'there are none';
  const [nearest] = nearNames(name, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  const listed = known.toSorted().slice(0, MOST_LISTED).join(', ');
  const more = known.length - MOST_LISTED;
  return more > 0 ? `known are ${listed} and ${more} more` : `known are ${listed}`;
}
