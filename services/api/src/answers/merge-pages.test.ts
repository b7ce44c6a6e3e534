import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePages } from './merge-pages.ts';
import type { ProjectPage } from './merge-pages.ts';

interface Item {
  createdAt: number;
  id: string;
  fits: boolean;
}

const comesAfter = (item: Item, after: { createdAt: number; id: string } | undefined): boolean =>
  after === undefined ||
  item.createdAt < after.createdAt ||
  (item.createdAt === after.createdAt && item.id < after.id);

/** As a store gives it: of the next `look` items those that fit, and where it has come to. */
function pageOf(
  list: readonly Item[],
  after: { createdAt: number; id: string } | undefined,
  look: number,
): ProjectPage<Item> {
  const rest = list.filter((item) => comesAfter(item, after));
  const some = rest.slice(0, look);
  const items = some.filter(({ fits }) => fits);
  return rest.length > look ? { items, next: some.at(-1) } : { items };
}

test('pages of several projects make one list, in order, each item once and none missed', () => {
  const item = fc.record({ createdAt: fc.nat(20), fits: fc.boolean() });
  const projects = fc.array(fc.array(item, { maxLength: 12 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(projects, fc.integer({ min: 1, max: 4 }), fc.nat(3), (given, limit, more) => {
      const lists = given.map((list, project) =>
        list
          .map((one, index) => ({ ...one, id: `${index}-${project}` }))
          .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
      );
      const seen: Item[] = [];
      let after: { createdAt: number; id: string } | undefined;
      for (let goesOn = true; goesOn;) {
        const pages = lists.map((list) => pageOf(list, after, limit + more));
        const page = mergePages(pages, limit, (one) => one);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items);
        after = page.next;
        goesOn = after !== undefined;
      }
      const all = lists
        .flat()
        .filter(({ fits }) => fits)
        .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      expect(seen).toEqual(all);
    }),
  );
});
