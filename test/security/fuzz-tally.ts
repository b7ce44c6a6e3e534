import type { HostileRequest } from './hostile-request.ts';
import type { RawAnswer } from './raw-client.ts';

/** What came of the requests to a group of endpoints. */
export interface GroupFigures {
  requests: number;
  perSecond: number;
  /** How many answers had which status; 0 stands for none. */
  statuses: Readonly<Record<string, number>>;
}

/** Counts what a fuzzed API answers. */
export interface FuzzTally {
  note(group: string, request: HostileRequest, answer: RawAnswer): void;
  figures(): Record<string, GroupFigures>;
  /** How many requests an endpoint took for good: what is behind it was reached, too. */
  taken(operation: string): number;
  /** Within which nearly all refusals came. */
  refusalP99Ms(): number;
}

export function createFuzzTally(): FuzzTally {
  const groups = new Map<
    string,
    { beganAt: number; endedAt: number; statuses: Map<number, number> }
  >();
  const refusalsMs: number[] = [];
  const taken = new Map<string, number>();
  return {
    note: (group, { operation, method }, { status = 0, durationMs }) => {
      const now = performance.now();
      const entry = groups.get(group) ?? {
        beganAt: now - durationMs,
        endedAt: now,
        statuses: new Map<number, number>(),
      };
      groups.set(group, entry);
      entry.endedAt = now;
      entry.statuses.set(status, (entry.statuses.get(status) ?? 0) + 1);
      if (status >= 400 && status < 500) refusalsMs.push(durationMs);
      if (status >= 200 && status < 300 && operation.startsWith(`${method} `)) {
        taken.set(operation, (taken.get(operation) ?? 0) + 1);
      }
    },
    taken: (operation) => taken.get(operation) ?? 0,

    figures: () =>
      Object.fromEntries(
        [...groups].map(([group, { beganAt, endedAt, statuses }]) => {
          const requests = [...statuses.values()].reduce((sum, count) => sum + count, 0);
          const perSecond = Math.round((1000 * requests) / (endedAt - beganAt));
          return [group, { requests, perSecond, statuses: Object.fromEntries(statuses) }];
        }),
      ),

    refusalP99Ms: () => {
      const sorted = Float64Array.from(refusalsMs).toSorted();
      return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    },
  };
}
