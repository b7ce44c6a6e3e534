import { attemptSchema, jobStatusSchema } from '@understudy/contracts';
import type { Attempt } from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { SHARD_COUNT, dueKey, jobKeys, parseMember } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { isFailedAttempt } from './failed-attempt.ts';
import type { JobStore } from './job-store.ts';
import { parseProgress, parseRecord, parseRequest } from './parse-record.ts';

const textsSchema = z.array(z.string());

const submitScript = loadScript(new URL('./scripts/submit.lua', import.meta.url));
const beginScript = loadScript(new URL('./scripts/begin.lua', import.meta.url));
const moveResultScript = loadScript(new URL('./scripts/move-result.lua', import.meta.url));
const transitionScript = loadScript(new URL('./scripts/transition.lua', import.meta.url));

/** How long an idempotency key is remembered past the life of its job. */
const TOMBSTONE_MS = 86_400_000;
/** How long the answer of a batch's line waits for the file it goes to, should nobody write it. */
const LINE_KEEP_MS = 30 * 86_400_000;

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
            request.batch === undefined ? '' : 1,
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
      // Its first submit may have been refused for want of replicas. WAIT counts from this
      // connection's own last write, so one is made.
      if (replicas() > 0) await redis.hset(keys.record, 'rep', '1');
      await replicated();
      return { created: false, existing: parseRequest(replyText(reply[1])) };
    },

    begin: async (job, turn, now, leaseCheckAt) => {
      const keys = keysOf(job);
      const reply = replyList(
        await beginScript.run(
          redis,
          [keys.record, keys.request, keys.attempts, keys.due, keys.outbox],
          [turn, now, leaseCheckAt, keys.member, job.project, job.id, keys.channel],
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
              failed: failedNumbers(appended),
              tombstoneMs: TOMBSTONE_MS,
              lineKeepMs: LINE_KEEP_MS,
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

    moveResult: async (job, file, keepMs) => {
      const { record, request, attempts, result } = keysOf(job);
      const keys = [record, request, attempts, result];
      return Number(await moveResultScript.run(redis, keys, [file, keepMs])) === 1;
    },

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

function failedNumbers(appended: readonly Attempt[]): string {
  return appended
    .filter(isFailedAttempt)
    .map(({ number }) => number)
    .join(',');
}

function ignoreShortage(error: unknown): void {
  if (!(error instanceof NotReplicatedError)) throw error;
}
