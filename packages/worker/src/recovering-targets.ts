import type { Room } from '@understudy/availability';
import { releaseWaiting } from '@understudy/dispatch';
import type { DispatchContext } from '@understudy/dispatch';

/** Each success behind a cool-down lets so many waiting jobs follow, so that the flow doubles. */
const RELEASED_PER_SUCCESS = 2;
/** Jobs that are let in together. */
const RELEASED_AT_ONCE = 100;

/** Lets in, one success after another, who waited for a target whose cool-down has ended. */
export interface RecoveringTargets {
  /** A cool-down of the provider has ended: jobs may wait for it. */
  opened(provider: string): void;
  /** A call succeeded there. Costs nothing where nobody waits. */
  succeeded(room: Room): Promise<void>;
}

/**
 * Successes that come while jobs are being let in are answered together with the next ones: each
 * alone would look at the same first members of the room, and all but one in vain.
 */
export function createRecoveringTargets(dispatch: DispatchContext): RecoveringTargets {
  /** By provider: the models that nobody waited for any more since a cool-down of it ended. */
  const recovering = new Map<string, Set<string>>();
  const rooms = new Map<string, { wanted: number; running: Promise<void> }>();

  const release = async (room: Room, key: string): Promise<void> => {
    try {
      for (;;) {
        const entry = rooms.get(key);
        const count = Math.min(entry?.wanted ?? 0, RELEASED_AT_ONCE);
        if (entry === undefined || count === 0) return;
        entry.wanted -= count;
        // Of this recovery: jobs of the next one may come while this room is found empty.
        const emptied = recovering.get(room.provider);
        if ((await releaseWaiting(dispatch, room, count)) < count) emptied?.add(room.model);
      }
    } finally {
      rooms.delete(key);
    }
  };

  return {
    opened: (provider) => void recovering.set(provider, new Set()),
    succeeded: async (room) => {
      const emptied = recovering.get(room.provider);
      if (emptied === undefined || emptied.has(room.model)) return;
      const key = `${room.provider}\n${room.model}`;
      const known = rooms.get(key);
      if (known !== undefined) {
        known.wanted += RELEASED_PER_SUCCESS;
        return known.running;
      }
      const entry = { wanted: RELEASED_PER_SUCCESS, running: Promise.resolve() };
      rooms.set(key, entry);
      entry.running = release(room, key);
      return entry.running;
    },
  };
}
