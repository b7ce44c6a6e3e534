import { closest, distance } from 'fastest-levenshtein';

/** What to tell about a name that is not known: the nearest known one, else all of them. */
export function suggestName(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'there are none';
  const nearest = closest(name, known);
  const near = distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, name.length / 3);
  return near ? `did you mean "${nearest}"?` : `known are ${known.toSorted().join(', ')}`;
}
