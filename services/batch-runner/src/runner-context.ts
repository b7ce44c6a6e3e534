import type { BatchLease, BatchRuns } from '@understudy/batch-store';
import type { BatchRecord } from '@understudy/contracts';
import type { Admission, DispatchContext } from '@understudy/dispatch';
import type { FileBytes, FileStore } from '@understudy/file-store';
import type { LimitCounters } from '@understudy/limits';

/** What every batch of one runner shares. */
export interface RunnerContext {
  runs: BatchRuns;
  files: FileStore;
  bytes: FileBytes;
  dispatch: DispatchContext;
  /** Closed while Redis is short of memory. */
  admission: Admission;
  /** What projects and keys may do at most: where there is no room, lines wait. */
  limits: LimitCounters;
  /** Makes the deliveries of a batch's end; making them again changes nothing. */
  tell(batch: BatchRecord): Promise<void>;
}

/** One batch in the hands of this runner. */
export interface HeldBatch {
  lease: BatchLease;
  /** Aborts when the runner stops, or somebody else has taken the batch over. */
  signal: AbortSignal;
  /** Parts written under this lease, so that no two have the same key. */
  partsWritten: number;
  /** By the monotonic clock: when the last part of results was written, */
  writtenAt: number;
  /** when lines were last looked for that nobody told of, */
  mendedAt: number;
  /** and since when a line waits for a worker that may know its model. */
  unknownModelSince: number | undefined;
  /**
   * The lines right after the cursor of a batch that is being stopped, of which a dead runner may have
   * made jobs, were ended under this lease.
   */
  nextLinesEnded: boolean;
  /**
   * Lines that have ended and whose record or answer does not open, and when they were first found: they
   * are passed over for a while, so that those beside them are written.
   */
  unread: { lines: Set<number>; since: number };
  /** Lines that were admitted, and lines that had ended, together, when it was last looked at; -1 before. */
  progress: number;
  /** When that number has last changed, or a step was followed by another; by the monotonic clock. */
  progressedAt: number;
}
