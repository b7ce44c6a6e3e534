import type { ChainableCommander } from 'ioredis';

/** Jobs that are to be put into lists and taken out of others, gathered. */
export interface ListChange {
  add(list: string, score: number, id: string): void;
  remove(list: string, id: string): void;
  /** Adds the commands, one for each list and direction. @returns the lists that grow */
  write(pipeline: ChainableCommander): string[];
}

export function createListChange(): ListChange {
  const added = new Map<string, (string | number)[]>();
  const removed = new Map<string, string[]>();
  return {
    add: (list, score, id) => void entryOf(added, list).push(score, id),
    remove: (list, id) => void entryOf(removed, list).push(id),
    write: (pipeline) => {
      for (const [list, ids] of removed) pipeline.zrem(list, ...ids);
      for (const [list, members] of added) pipeline.zadd(list, ...members);
      return [...added.keys()];
    },
  };
}

function entryOf<Item>(map: Map<string, Item[]>, name: string): Item[] {
  const known = map.get(name);
  if (known !== undefined) return known;
  const fresh: Item[] = [];
  map.set(name, fresh);
  return fresh;
}
