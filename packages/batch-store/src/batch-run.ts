import type {
  BatchProblem,
  BatchRecord,
  Cost,
  FileRecord,
  LineOutcome,
  Usage,
} from '@understudy/contracts';
import type { UnreadableRecord } from '@understudy/job-store';
import type { BatchReference } from './batch-keys.ts';
import type { BatchCursor, RunningBatch } from './parse-batch.ts';

/** Whoever works on a batch holds its lease; a later lease has a higher fence. */
export interface BatchLease {
  batch: BatchReference;
  fence: number;
}

export type ClaimResult =
  | { kind: 'claimed'; lease: BatchLease }
  /** Another runner works on it. */
  | { kind: 'held' }
  | { kind: 'missing' };

/** A batch that somebody must still work on. */
export interface UnfinishedBatch {
  batch: BatchReference;
  /** When it was made, in milliseconds since the epoch. */
  since: number;
}

/** A batch that goes on although its time is over. */
export interface OverdueBatch {
  batch: BatchReference;
  /** Id of its input; absent where the record does not tell. */
  input?: string;
}

/** Whether somebody works on a batch. */
export interface HoldState {
  held: boolean;
  /** Until when a runner held it, or will unless it renews its lease; 0 of one that was never held. */
  until: number;
  /** Its caller waits for its end. */
  cancelling: boolean;
}

/** Somebody else has taken the batch over: nothing that was asked for has happened. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** How a line ended, for the counters. */
export interface EndedLine {
  /** Counts from 1, blank lines included. */
  line: number;
  outcome: LineOutcome;
  usage?: Usage;
  cost?: Cost;
}

/** Why a line became no job, as the API would have answered it. */
export interface LineRejection {
  customId: string;
  statusCode: number;
  code: string;
  message: string;
  param?: string;
}

/** A step of the cursor over lines that were dealt with. */
export interface CursorStep {
  from: BatchCursor;
  to: BatchCursor;
}

export interface Admission extends CursorStep {
  /** Lines that are jobs by now or were rejected. */
  admitted: number;
  /** Numbers of lines that hold no request. */
  blanks: readonly number[];
  rejected: ReadonlyMap<number, LineRejection>;
}

/** Where each line of a part stands: its number, and the length of what was written for it. */
export interface RunEntry {
  line: number;
  bytes: number;
}

/** A part of a growing result file: its lines are in the order of their numbers. */
export interface WrittenPart {
  /** Which of the two result files. */
  role: 'out' | 'err';
  file: string;
  key: string;
  bytes: number;
  entries: readonly RunEntry[];
}

export interface PartRun {
  key: string;
  entries: RunEntry[];
}

/** Result files as the project's file store names them. */
export interface CompletedOutput {
  file: string;
  /** With the time it expires. */
  record: FileRecord;
  expiresAt: number;
  parts: readonly { key: string; bytes: number }[];
}

/**
 * Batches as those who run them see them. Each method is one atomic step; those that take a lease
 * change nothing when it is no longer the latest: `release` says nothing of it, `finalize` says false,
 * and all others reject with LeaseLostError.
 */
export interface BatchRuns {
  /**
   * Batches that need a runner, the oldest first: of those made later than `madeAfter`, or of all, so many
   * where there are so many, and whatever was made in the same millisecond as the last of them.
   */
  unfinished(limit: number, madeAfter?: number): Promise<UnfinishedBatch[]>;
  /**
   * Of these batches those that have not ended by `now`, when they were to, and those of which the record
   * does not tell; of their requests nothing that is encrypted is read.
   */
  overdue(batches: readonly BatchReference[], now: number): Promise<OverdueBatch[]>;
  /** Of these batches as they are now; undefined of one that is not there. */
  holdStates(batches: readonly BatchReference[], now: number): Promise<(HoldState | undefined)[]>;
  /** Takes the lease, which runs out by itself at `until`. */
  claim(batch: BatchReference, holder: string, now: number, until: number): Promise<ClaimResult>;
  renew(lease: BatchLease, until: number): Promise<void>;
  /** Hands the lease back, so that another runner goes on at once. */
  release(lease: BatchLease): Promise<void>;
  /** Calls back with the name of a batch that has something to be done. */
  onWake(wake: (batch: BatchReference) => void): void;
  read(batch: BatchReference): Promise<RunningBatch | undefined>;
  /** Says how many lines there are; or what is wrong, and then no line will run. */
  validated(
    lease: BatchLease,
    now: number,
    total: number,
    problems: readonly BatchProblem[],
  ): Promise<void>;
  admit(lease: BatchLease, admission: Admission): Promise<void>;
  /** Counts lines that ended; a line that was counted is passed over. Needs no lease. */
  countEnded(batch: BatchReference, lines: readonly EndedLine[]): Promise<number>;
  /** Lines that have ended and are in no file, the lowest numbers first, and how many there are. */
  endedLines(batch: BatchReference, limit: number): Promise<{ lines: number[]; count: number }>;
  /** Of these lines, those that became no job, and why, or why that cannot be read. */
  rejections(
    batch: BatchReference,
    lines: readonly number[],
  ): Promise<Map<number, LineRejection | UnreadableRecord>>;
  /** Lines up to `last` whose end was not counted. */
  uncounted(batch: BatchReference, last: number): Promise<number[]>;
  /** A written part joins its file, and its lines leave the ended ones. */
  commitPart(lease: BatchLease, part: WrittenPart, withoutJob: ReadonlySet<number>): Promise<void>;
  /** Lines of committed parts whose jobs do not know yet where their answer is. */
  moving(batch: BatchReference): Promise<{ line: number; file: string }[]>;
  /** Their jobs know it now. Saying it late, or twice, harms nothing. */
  moved(batch: BatchReference, lines: readonly number[]): Promise<void>;
  /** Ends lines that never became jobs; without a part they are only counted. */
  skipLines(
    lease: BatchLease,
    step: CursorStep & { outcome: LineOutcome; lines: number },
    part: WrittenPart | undefined,
  ): Promise<void>;
  /** @returns false when lines are still missing, or somebody else has taken the batch over */
  finalize(lease: BatchLease, now: number): Promise<boolean>;
  /** The parts of a growing result file, in the order in which they were committed. */
  runs(batch: BatchReference, file: string): Promise<PartRun[]>;
  completeOutput(lease: BatchLease, output: CompletedOutput): Promise<void>;
  /** The last change of a batch, told to the project's event stream with it. */
  finish(lease: BatchLease, ended: BatchRecord, now: number, keepMs: number): Promise<void>;
  /** Everybody was told of the end: nobody needs to look at the batch again. */
  leave(batch: BatchReference): Promise<void>;
}
