import type { JobEvent } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import type { JobReference, JobStore, StoredJob } from '@understudy/job-store';
import { createBell } from './bell.ts';

/** A job that somebody waited for. */
export interface AwaitedJob extends StoredJob {
  /** Its answer, where it was completed meanwhile: read beside the record, in one round trip. */
  answer?: Buffer;
}

export interface LongPolls {
  /**
   * Resolves with the job once it has ended, or as it is when the time is over, the caller is gone
   * or the service stops. Listens before it reads; woken by events, never by a timer in between.
   */
  waitForEnd(job: JobReference, waitMs: number, gone: AbortSignal): Promise<AwaitedJob | undefined>;
  /** How many wait now. */
  waiting(): number;
  /** Whether the service stops, so that nobody waits any more. */
  isClosed(): boolean;
  /** Lets everyone go who waits, and from now on nobody waits. */
  close(): void;
}

/** What is heard of jobs; see `JobChanges`. */
export interface ChangeSource {
  watch(id: string, onChange: (event: JobEvent | undefined) => void): () => void;
}

export function createLongPolls(
  changes: ChangeSource,
  store: Pick<JobStore, 'read' | 'readResult'>,
): LongPolls {
  const wakers = new Set<() => void>();
  let closed = false;
  const wakeAll = (): void => {
    for (const wake of wakers) wake();
  };

  return {
    waitForEnd: async (job, waitMs, gone) => {
      const bell = createBell();
      let over = gone.aborted;
      let isCompleted = false;
      const end = (): void => {
        over = true;
        bell.ring();
      };
      const timer = setTimeout(end, waitMs);
      gone.addEventListener('abort', end);
      const unwatch = changes.watch(job.id, (event) => {
        if (event !== undefined) {
          if (event.project !== job.project || !isTerminal(event.status)) return;
          isCompleted = event.status === 'completed';
        }
        bell.ring();
      });
      wakers.add(bell.ring);
      try {
        for (;;) {
          // What ends the wait is looked at before the read, so that the last read is the newest.
          const last = closed || over;
          const [stored, answer] = await Promise.all([
            store.read(job),
            isCompleted ? store.readResult(job) : undefined,
          ]);
          if (last || stored === undefined || isTerminal(stored.record.status)) {
            return stored === undefined || answer === undefined ? stored : { ...stored, answer };
          }
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
    waiting: () => wakers.size,
    isClosed: () => closed,
    close: () => {
      closed = true;
      wakeAll();
    },
  };
}
