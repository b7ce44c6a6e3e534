/** Wakes one who waits; a ring while nobody waits is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves at once when it rang since the last time, else at the next ring. */
  rung(): Promise<void>;
  /** The same, but waits no longer than that. @returns whether it rang */
  rungWithin(timeoutMs: number): Promise<boolean>;
}

export function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  const rung = async (): Promise<void> => {
    await next.promise;
    next = Promise.withResolvers<void>();
  };
  return {
    ring: () => next.resolve(),
    rung,
    rungWithin: async (timeoutMs) => {
      const over = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => over.resolve(false), timeoutMs);
      const rang = await Promise.race([next.promise.then(() => true), over.promise]);
      clearTimeout(timer);
      if (rang) next = Promise.withResolvers<void>();
      return rang;
    },
  };
}
