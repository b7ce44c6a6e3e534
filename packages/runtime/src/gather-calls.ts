import { atEndOfTurn } from './end-of-turn.ts';

/** What is asked for together: at least one. */
export type Several<Item> = readonly [Item, ...Item[]];

/**
 * Does together what is asked for within one turn of the event loop: many calls become one piece of
 * work, such as one command with many members where there was one command for each. What it asks of
 * Redis goes out in the turn's one write all the same, see `gatherWrites`.
 * @param keyOf calls of one key are done together
 * @param work gives a result for each item, in their order; where it rejects, every call of it does
 */
export function gatherCalls<Item, Result>(
  keyOf: (item: Item) => string,
  work: (items: Several<Item>) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const gathered = new Map<
    string,
    { items: [Item, ...Item[]]; done: Promise<readonly Result[]> }
  >();
  const gather = (key: string, item: Item) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Result[]>();
    const group = { items: [item] satisfies [Item, ...Item[]], done: promise };
    gathered.set(key, group);
    // Whoever was answered in this turn, or came over HTTP, asks together.
    atEndOfTurn('calls', () => {
      gathered.delete(key);
      work(group.items).then(resolve, reject);
    });
    return group;
  };
  return async (item) => {
    const key = keyOf(item);
    const known = gathered.get(key);
    const index = known === undefined ? 0 : known.items.push(item) - 1;
    const results = await (known ?? gather(key, item)).done;
    if (index >= results.length) throw new Error(`${results.length} results are too few`);
    return results[index]!;
  };
}
