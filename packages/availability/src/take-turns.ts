import { ORDERS_PER_PRIORITY } from '@understudy/contracts';

/** Somebody in a line, with the order in which the line is sorted. */
export interface InLine {
  member: string;
  order: number;
}

/**
 * The first `count` of several sorted lines: higher priorities first; within a priority one of each
 * line in turn, so that a long line keeps nobody of a short one waiting. Where there are more lines
 * than places, chance decides which go first, lest it be the same each time.
 * @param random 0 to 1
 */
export function takeTurns(
  lines: readonly (readonly InLine[])[],
  count: number,
  random: () => number,
): string[] {
  const ranked = lines.flatMap((line) => {
    const draw = lines.length > 1 ? random() : 0;
    const taken = new Map<number, number>();
    return line.map(({ member, order }) => {
      const priority = Math.floor(order / ORDERS_PER_PRIORITY);
      const round = taken.get(priority) ?? 0;
      taken.set(priority, round + 1);
      return { member, priority, round, draw };
    });
  });
  return ranked
    .toSorted((a, b) => a.priority - b.priority || a.round - b.round || a.draw - b.draw)
    .slice(0, count)
    .map(({ member }) => member);
}
