/** Members that Redis looks up for one pipeline, which it carries out without a pause: some ms. */
const MOST_AT_ONCE = 20_000;

/**
 * Divides work for Redis, so that nobody else waits for all of it. Order is kept.
 * @param costOf members that are looked up for an item; one that costs more than a portion is alone
 */
export function* portions<Item>(
  items: readonly Item[],
  costOf: (item: Item) => number,
): Generator<Item[]> {
  let portion: Item[] = [];
  let cost = 0;
  for (const item of items) {
    const own = costOf(item);
    if (portion.length > 0 && cost + own > MOST_AT_ONCE) {
      yield portion;
      portion = [];
      cost = 0;
    }
    portion.push(item);
    cost += own;
  }
  if (portion.length > 0) yield portion;
}
