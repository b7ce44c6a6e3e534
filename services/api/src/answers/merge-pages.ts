import { newestFirst } from '@understudy/job-store';
import type { ListPosition } from '@understudy/job-store';

/** A page of one project. */
export interface ProjectPage<Item> {
  items: Item[];
  /** Whatever is newer was looked at; absent at the end of the list. */
  next?: ListPosition | undefined;
}

/**
 * One page out of those of several projects, which all began at the same place.
 * @param placeOf where an item stands
 */
export function mergePages<Item>(
  pages: readonly ProjectPage<Item>[],
  limit: number,
  placeOf: (item: Item) => ListPosition,
): ProjectPage<Item> {
  const all = pages
    .flatMap(({ items }) => items)
    .toSorted((a, b) => newestFirst(placeOf(a), placeOf(b)));
  // Behind the page that came least far others may still have something newer to show.
  const [reached] = pages.flatMap(({ next }) => next ?? []).toSorted(newestFirst);
  const known =
    reached === undefined ? all : all.filter((item) => newestFirst(placeOf(item), reached) <= 0);
  const items = known.slice(0, limit);
  const last = items.at(-1);
  if (known.length > limit && last !== undefined) return { items, next: placeOf(last) };
  return reached === undefined ? { items } : { items, next: reached };
}
