import { distance } from 'fastest-levenshtein';

/** Comparing takes as long as both names are. */
const LONGEST_COMPARED = 100;
const MOST_NAMES = 3;
/** So many wrong letters are a slip in any name, two of them exchanged among them; */
const SLIP = 2;
/** in a longer one this share of it. */
const SLIP_SHARE = 1 / 4;
/** Of names that share less than half of their letters neither was meant by the other. */
const LARGEST_SHARE = 1 / 2;

/** Up to three of the known names that may be meant by a misspelt one, the nearest first. */
export function nearNames(name: string, known: readonly string[]): string[] {
  const wanted = name.slice(0, LONGEST_COMPARED).toLowerCase();
  return known
    .map((candidate) => ({ candidate, wrong: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, wrong }) => {
      const length = Math.max(wanted.length, candidate.length);
      return wrong <= Math.min(Math.max(SLIP, length * SLIP_SHARE), length * LARGEST_SHARE);
    })
    .toSorted((a, b) => a.wrong - b.wrong)
    .slice(0, MOST_NAMES)
    .map(({ candidate }) => candidate);
}
