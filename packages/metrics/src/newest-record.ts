/**
 * The record that prom-client has just made for a series. It is added to directly, and read for a
 * scrape by prom-client itself. Where it lies is not among prom-client's types: an update that moves it
 * fails here, and in the tests, which compare every line of a scrape.
 */
export function newestRecord<Kept>(records: Readonly<Record<string, Kept>>): Kept {
  const newest = Object.values(records).at(-1);
  if (newest === undefined) throw new Error('prom-client keeps its series somewhere else');
  return newest;
}
