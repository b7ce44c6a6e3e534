import {
  attemptSchema,
  isTerminal,
  jobEndSchema,
  jobProgressSchema,
  jobRequestSchema,
  jobStatusSchema,
} from '@understudy/contracts';
import type {
  Attempt,
  JobEnd,
  JobProgress,
  JobRecord,
  JobRequest,
  JobStatus,
} from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { SHARD_COUNT, dueKey, jobKeys, parseMember } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';

const textsSchema = z.array(z.string());
const fieldsSchema = z.record(z.string(), z.string());

const submitScript = loadScript(new URL('./scripts/submit.lua', import.meta.url));
const beginScript = loadScript(new URL('./scripts/begin.lua', import.meta.url));
const transitionScript = loadScript(new URL('./scripts/transition.lua', import.meta.url));

export type CreateResult =
  | { created: true }
  | { created: false; existing: JobRequest }
  /** The idempotency key made a job that is no longer kept. */
  | { created: false; buried: { fingerprint: string } };

/** How long an idempotency key is remembered past the life of its job. */
const TOMBSTONE_MS = 86_400_000;

export type BeginResult =
  | { kind: 'missing' }
  /** The turn has passed: the job ended, or stands elsewhere. */
  | { kind: 'stale'; status: JobStatus; turn: number }
  /** The deadline has passed, so nothing was begun. */
  | { kind: 'expired' }
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
  | { ok: false; status: JobStatus | 'missing'; turn: number };

export interface StoredJob {
  record: JobRecord;
  attempts: Attempt[];
}

/** The job record in Redis. Each method is one round trip; each change is atomic. */
export interface JobStore {
  /** Creates the job, or finds the one that has its id. */
  create(
    request: JobRequest,
    progress: JobProgress,
    body: Uint8Array,
    attempts: readonly Attempt[],
    dueAt: number,
  ): Promise<CreateResult>;
  /** Takes a fencing token for the turn; a start that never ended becomes an interrupted attempt. */
  begin(job: JobReference, turn: number, now: number, leaseCheckAt: number): Promise<BeginResult>;
  transition(job: JobReference, change: JobChange): Promise<TransitionResult>;
  read(job: JobReference): Promise<StoredJob | undefined>;
  readRecords(jobs: readonly JobReference[]): Promise<(JobRecord | undefined)[]>;
  readResult(job: JobReference): Promise<Buffer | undefined>;
  readRequestBody(job: JobReference): Promise<Buffer | undefined>;
  /** Jobs that are due, at most `limit` of each shard, earliest first; one round trip. */
  due(now: number, limit: number): Promise<JobReference[]>;
  /** Moves the due time of a job that still has one. */
  postpone(job: JobReference, dueAt: number): Promise<void>;
  /** Forgets the due time of a job that no longer exists. */
  forgetDue(job: JobReference): Promise<void>;
}

/** Fewer replicas than asked for have confirmed a write in time; this Redis alone has it. */
export class NotReplicatedError extends Error {
  override name = 'NotReplicatedError';
}

/** Below the patience of a connection on which a caller waits. */
const REPLICATION_TIMEOUT_MS = 500;

/**
 * @param replicas how many replicas must have a new job before it counts; where fewer confirm it in
 *   time, `create` rejects with NotReplicatedError although this Redis has the job. The end of a
 *   job waits as long for them.
 */
export function createJobStore(
  redis: Redis,
  prefix: string,
  replicas: () => number = () => 0,
): JobStore {
  const replicated = async (): Promise<void> => {
    const wanted = replicas();
    if (wanted === 0) return;
    const confirmed = await redis.wait(wanted, REPLICATION_TIMEOUT_MS);
    if (confirmed >= wanted) return;
    throw new NotReplicatedError(`${confirmed} of ${wanted} replicas confirmed a write in time`);
  };
  const keysOf = (job: JobReference) => jobKeys(prefix, job);

  return {
    create: async (request, progress, body, attempts, dueAt) => {
      const keys = keysOf(request);
      const reply = replyList(
        await submitScript.run(
          redis,
          [keys.record, keys.request, keys.attempts, keys.due, keys.outbox, keys.tombstone],
          [
            JSON.stringify(request),
            JSON.stringify(progress),
            Buffer.from(body.buffer, body.byteOffset, body.byteLength),
            request.expires_at,
            dueAt,
            keys.member,
            request.project,
            request.id,
            request.fingerprint ?? '',
            ...attempts.map((attempt) => JSON.stringify(attempt)),
          ],
        ),
      );
      if (Number(reply[0]) === 1) {
        await replicated();
        return { created: true };
      }
      if (Number(reply[0]) === 2) {
        return { created: false, buried: { fingerprint: replyText(reply[1]) } };
      }
      return { created: false, existing: parseRequest(replyText(reply[1])) };
    },

    begin: async (job, turn, now, leaseCheckAt) => {
      const keys = keysOf(job);
      const reply = replyList(
        await beginScript.run(
          redis,
          [keys.record, keys.request, keys.attempts, keys.due],
          [turn, now, leaseCheckAt, keys.member],
        ),
      );
      const kind = replyText(reply[0]);
      if (kind === 'missing' || kind === 'expired') return { kind };
      if (kind === 'stale') {
        return {
          kind,
          status: jobStatusSchema.parse(replyText(reply[1])),
          turn: Number(replyText(reply[2])),
        };
      }
      const body = reply[7];
      if (!Buffer.isBuffer(body)) throw new TypeError('expected the request body as bytes');
      return {
        kind: 'started',
        request: parseRequest(replyText(reply[1])),
        progress: parseProgress(replyText(reply[2])),
        token: Number(replyText(reply[3])),
        starts: Number(replyText(reply[4])),
        interrupted: Number(replyText(reply[8])) === 1,
        attempts: Number(replyText(reply[5])),
        body,
      };
    },

    transition: async (job, change) => {
      const keys = keysOf(job);
      const { progress, end, result, appended, folded, dueAt, ...rest } = change;
      const reply = replyList(
        await transitionScript.run(
          redis,
          [
            keys.record,
            keys.request,
            keys.attempts,
            keys.result,
            keys.due,
            keys.outbox,
            keys.tombstone,
          ],
          [
            JSON.stringify({
              ...rest,
              due: dueAt,
              project: job.project,
              id: job.id,
              member: keys.member,
              channel: keys.channel,
              tombstoneMs: TOMBSTONE_MS,
            }),
            progress === undefined ? '' : JSON.stringify(progress),
            end === undefined ? '' : JSON.stringify(end),
            result ?? '',
            folded.length,
            ...folded.flatMap((attempt) => [attempt.number, JSON.stringify(attempt)]),
            ...appended.map((attempt) => JSON.stringify(attempt)),
          ],
        ),
      );
      if (Number(replyText(reply[0])) === 1) {
        // The end of a job is out and cannot be taken back: it waits for replicas, not for ever.
        if (end !== undefined) await replicated().catch(ignoreShortage);
        return { ok: true, version: Number(replyText(reply[1])) };
      }
      const status = replyText(reply[1]);
      return {
        ok: false,
        status: status === 'missing' ? status : jobStatusSchema.parse(status),
        turn: Number(replyText(reply[2])),
      };
    },

    read: async (job) => {
      const keys = keysOf(job);
      // MULTI, so that record and attempts are of one version.
      const [fields, attempts] = await repliesOf(
        redis.multi().hgetall(keys.record).lrange(keys.attempts, 0, -1).exec(),
      );
      const record = parseRecord(fields);
      if (record === undefined) return undefined;
      return {
        record,
        attempts: textsSchema.parse(attempts).map((text) => attemptSchema.parse(JSON.parse(text))),
      };
    },

    readRecords: async (jobs) => {
      if (jobs.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const job of jobs) pipeline.hgetall(keysOf(job).record);
      return (await repliesOf(pipeline.exec())).map(parseRecord);
    },

    readResult: async (job) => (await redis.getBuffer(keysOf(job).result)) ?? undefined,

    readRequestBody: async (job) => (await redis.getBuffer(keysOf(job).request)) ?? undefined,

    due: async (now, limit) => {
      const pipeline = redis.pipeline();
      for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
        pipeline.zrangebyscore(dueKey(prefix, shard), 0, now, 'LIMIT', 0, limit);
      }
      const members = await repliesOf(pipeline.exec());
      return members.flatMap((page) => textsSchema.parse(page).map(parseMember));
    },

    postpone: async (job, dueAt) => {
      const keys = keysOf(job);
      await redis.zadd(keys.due, 'XX', dueAt, keys.member);
    },

    forgetDue: async (job) => {
      const keys = keysOf(job);
      await redis.zrem(keys.due, keys.member);
    },
  };
}

function ignoreShortage(error: unknown): void {
  if (!(error instanceof NotReplicatedError)) throw error;
}

function parseRequest(text: string): JobRequest {
  return jobRequestSchema.parse(JSON.parse(text));
}

function parseProgress(text: string): JobProgress {
  return jobProgressSchema.parse(JSON.parse(text));
}

function parseRecord(reply: unknown): JobRecord | undefined {
  const fields = fieldsSchema.parse(reply);
  if (fields['req'] === undefined || fields['prog'] === undefined) return undefined;
  const status = jobStatusSchema.parse(fields['st']);
  return {
    request: parseRequest(fields['req']),
    progress: parseProgress(fields['prog']),
    status,
    version: Number(fields['ver']),
    turn: Number(fields['turn']),
    token: Number(fields['tok']),
    starts: Number(fields['starts']),
    ...(fields['t0'] === undefined ? {} : { startedAt: Number(fields['t0']) }),
    ...(fields['run'] === undefined ? {} : { runningSince: Number(fields['run']) }),
    ...(fields['t1'] === undefined ? {} : { completedAt: Number(fields['t1']) }),
    ...(isTerminal(status) && fields['end'] !== undefined
      ? { end: jobEndSchema.parse(JSON.parse(fields['end'])) }
      : {}),
  };
}
