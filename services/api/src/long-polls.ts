import type { JobEvent } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { createBell } from './bell.ts';

type ReadJob = (job: JobReference) => Promise<StoredJob | undefined>;

export interface LongPolls {
  /**
   * Resolves with the job once it has ended, or as it is when the time is over, the caller is gone
   * or the service stops. Listens before it reads; woken by events, never by a timer in between.
   */
  waitForEnd(job: JobReference, waitMs: number, gone: AbortSignal): Promise<StoredJob | undefined>;
  /** Events may have been missed: everyone who waits looks again. */
  lookAgain(): void;
  /** How many wait now. */
  waiting(): number;
  /** Whether the service stops, so that nobody waits any more. */
  isClosed(): boolean;
  /** Lets everyone go who waits, and from now on nobody waits. */
  close(): void;
}

export interface ChangeSource {
  watch(id: string, onChange: (event: JobEvent) => void): () => void;
}

export function createLongPolls(changes: ChangeSource, read: ReadJob): LongPolls {
  const wakers = new Set<() => void>();
  let closed = false;
  const wakeAll = (): void => {
    for (const wake of wakers) wake();
  };

  return {
    waitForEnd: async (job, waitMs, gone) => {
      const bell = createBell();
      let over = gone.aborted;
      const end = (): void => {
        over = true;
        bell.ring();
      };
      const timer = setTimeout(end, waitMs);
      gone.addEventListener('abort', end);
      const unwatch = changes.watch(job.id, ({ project, status }) => {
        if (project === job.project && isTerminal(status)) bell.ring();
      });
      wakers.add(bell.ring);
      try {
        for (;;) {
          // What ends the wait is looked at before the read, so that the last read is the newest.
          const last = closed || over;
          const stored = await read(job);
          if (last || stored === undefined || isTerminal(stored.record.status)) return stored;
          await bell.rung();
          if (gone.aborted) return stored;
        }
      } finally {
        unwatch();
        clearTimeout(timer);
        gone.removeEventListener('abort', end);
        wakers.delete(bell.ring);
      }
    },
    lookAgain: wakeAll,
    waiting: () => wakers.size,
    isClosed: () => closed,
    close: () => {
      closed = true;
      wakeAll();
    },
  };
}
