import type {
  Attempt,
  JobEnd,
  JobProgress,
  JobRecord,
  JobRequest,
  JobStatus,
} from '@understudy/contracts';
import type { JobReference } from './job-keys.ts';
import type { JobOutline } from './job-outline.ts';
import type { AttemptReference } from './read-attempts.ts';
import type { PlainLine } from './told-lines.ts';
import type { UnreadRecord, UnreadableRecord } from './unread-record.ts';

export type CreateResult =
  | { created: true }
  | { created: false; existing: JobRequest }
  /** The idempotency key made a job that is no longer kept. */
  | { created: false; buried: { fingerprint: string } };

/** A line of a batch whose job goes straight into a queue, and nothing was tried before. */
export interface NewLine {
  request: JobRequest & PlainLine;
  progress: JobProgress & { place: Extract<JobProgress['place'], { kind: 'queue' }> };
  body: Uint8Array;
  dueAt: number;
}

export type BeginResult =
  | { kind: 'missing' }
  /** The record is of a form that this service cannot read: nothing was changed. */
  | { kind: 'newer'; version: number }
  /** The turn has passed: the job ended, or stands elsewhere. */
  | { kind: 'stale'; status: JobStatus; turn: number }
  /** The deadline has passed, so nothing was begun. */
  | { kind: 'expired' }
  /** The record or the body does not open: the start was taken back, and counts as none. */
  | { kind: 'unreadable'; reason: Error }
  | {
      kind: 'started';
      request: JobRequest;
      progress: JobProgress;
      token: number;
      /** Starts since the last settled attempt, this one included. */
      starts: number;
      /** True when the start before this one never ended: its worker died. */
      interrupted: boolean;
      attempts: number;
      body: Buffer;
    };

/** A change of one record. All guards that are given must hold, or nothing changes. */
export interface JobChange {
  /** Only the start that holds this token, and only while the job is in progress. */
  token?: number;
  /** Only while the job stands at this turn. */
  turn?: number;
  /** Only if nothing has changed since this version was read. */
  version?: number;
  /**
   * Goes on counting starts that never ended: the move does not show that the job is harmless.
   * The start that holds `token`, where one is given, has ended and is not counted.
   */
  keepStarts?: true;
  status: JobStatus;
  nextTurn: number;
  /** Of a job that is completed only its route and its waits are kept. */
  progress?: JobProgress;
  /** Due time of a job that goes on. */
  dueAt?: number;
  /** How a job ended; with `endedAt` and `keepMs`. */
  end?: JobEnd;
  endedAt?: number;
  /** How long a finished job is kept. */
  keepMs?: number;
  result?: Buffer;
  appended: readonly Attempt[];
  /** Attempts that are replaced by themselves with a higher count. */
  folded: readonly Attempt[];
}

export type TransitionResult =
  | { ok: true; version: number }
  | { ok: false; status: JobStatus | 'missing' | 'newer'; turn: number };

export interface StoredJob {
  record: JobRecord;
  attempts: Attempt[];
}

/** What became of a job, without the way there: `end` only where it is not an answer. */
export interface EndedJob extends Pick<JobRecord, 'status' | 'end'> {
  request: Pick<JobRequest, 'id' | 'project' | 'dialect' | 'batch'>;
}

/** A job without the text of its attempts: how many there are. */
export interface StoredHead {
  record: JobRecord;
  attempts: number;
}

/** A job that changes, with as much of its request as is known: what is measured of the change. */
export type ChangedJob = JobReference & Partial<JobRequest>;

/**
 * The job record in Redis. Each method is one round trip; each change is atomic. A record of a form
 * that is newer than this service is never changed; reading one throws NewerRecordError unless told.
 */
export interface JobStore {
  /** Creates the job, or finds the one that has its id. */
  create(
    request: JobRequest,
    progress: JobProgress,
    body: Uint8Array,
    attempts: readonly Attempt[],
    dueAt: number,
  ): Promise<CreateResult>;
  /**
   * Creates the jobs of lines as `create` does. Those of a shard that are told alike are created by one
   * script, and the outbox tells of them in one entry.
   * @returns of each line whether its job is new; of one that is there already nothing has changed
   */
  createLines(lines: readonly NewLine[]): Promise<boolean[]>;
  /**
   * Takes a fencing token for the turn; a start that never ended becomes an interrupted attempt. Carried
   * out twice, as the reply was lost with a connection, it is one start. Where what was begun cannot be
   * read, a second round trip takes the start back.
   * @param by token of the start that must have moved the job to this turn: else the turn is stale
   */
  begin(
    job: JobReference,
    turn: number,
    now: number,
    leaseCheckAt: number,
    by?: number,
  ): Promise<BeginResult>;
  transition(job: ChangedJob, change: JobChange): Promise<TransitionResult>;
  read(job: JobReference): Promise<StoredJob | undefined>;
  readRecords(jobs: readonly JobReference[]): Promise<(JobRecord | undefined)[]>;
  /** The same for who looks after many jobs at once, whom one that cannot be read must not stop. */
  readEach(jobs: readonly JobReference[]): Promise<(JobRecord | UnreadRecord | undefined)[]>;
  /** As `readEach`, but the status alone, for a small part of the cost. */
  readStatuses(jobs: readonly JobReference[]): Promise<(JobStatus | UnreadRecord | undefined)[]>;
  /** As `readEach`, but only what the jobs came to, for a fraction of the cost. */
  readEnds(jobs: readonly JobReference[]): Promise<(EndedJob | UnreadRecord | undefined)[]>;
  /** As `readEach`, with the number of each job's attempts. */
  readHeads(jobs: readonly JobReference[]): Promise<(StoredHead | UnreadRecord | undefined)[]>;
  /** The same, of each job only as much as others are told; each shard's jobs are of one moment. */
  readOutlines(jobs: readonly JobReference[]): Promise<(JobOutline | UnreadRecord | undefined)[]>;
  /** Single attempts as they are now; undefined where the job is no longer kept. */
  readAttempts(
    wanted: readonly AttemptReference[],
  ): Promise<(Attempt | UnreadableRecord | undefined)[]>;
  readResult(job: JobReference): Promise<Buffer | undefined>;
  readRequestBody(job: JobReference): Promise<Buffer | undefined>;
  /**
   * The answers of batches' lines were written to a file: the bytes of request and result leave Redis,
   * and the records are kept for `keepMs` more. Those of a shard leave by one script.
   * @returns of each job whether it had ended and is still there
   */
  moveResults(jobs: readonly JobReference[], file: string, keepMs: number): Promise<boolean[]>;
  /**
   * Forgets request and result of a job that has ended, and what providers said of its failures; the
   * record, the attempts and what was used stay. False when it has not ended, was forgotten before or
   * is no longer kept. Atomic; a few round trips.
   */
  forgetPayload(job: JobReference): Promise<boolean>;
  /** Jobs that are due, at most `limit` of each shard, earliest first; one round trip. */
  due(now: number, limit: number): Promise<JobReference[]>;
  /** Whether a job is still due: who has changed it since it was found so has set another time. */
  isDue(job: JobReference, now: number): Promise<boolean>;
  /** Moves the due time of a job that is still due at `now`; nothing happens to another. */
  postpone(job: JobReference, now: number, dueAt: number): Promise<void>;
  /**
   * Jobs that are due later are due at `latest`; those that were not to be looked at at all stay so.
   * One round trip.
   */
  hasten(jobs: readonly JobReference[], latest: number): Promise<void>;
  /** Forgets the due time of a job that no longer exists, under the same condition. */
  forgetDue(job: JobReference, now: number): Promise<void>;
}
