const WINDOW_MS = 20_000;

/** Measures how fast a count grows, over the last twenty seconds. */
export interface Speed {
  /** @param nowMs of a monotonic clock */
  note(count: number, nowMs: number): void;
  /** Undefined until there were two looks at different instants. */
  perSecond(): number | undefined;
}

export function createSpeed(): Speed {
  let looks: { count: number; at: number }[] = [];
  return {
    note: (count, at) => {
      looks = [...looks.filter((look) => at - look.at <= WINDOW_MS), { count, at }];
    },
    perSecond: () => {
      const [first, last] = [looks[0], looks.at(-1)];
      if (first === undefined || last === undefined || last.at === first.at) return undefined;
      return ((last.count - first.count) * 1000) / (last.at - first.at);
    },
  };
}
