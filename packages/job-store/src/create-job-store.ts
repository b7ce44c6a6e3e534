import { randomUUID } from 'node:crypto';
import { RECORD_VERSIONS, jobStatusSchema } from '@understudy/contracts';
import type { RecordVersions } from '@understudy/contracts';
import { loadScript, replyList, replyText, serverOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { tallyText } from './attempt-tally.ts';
import { lineCreation } from './create-lines.ts';
import { createDueChecks } from './due-checks.ts';
import { jobKeys } from './job-keys.ts';
import type { JobKeys, JobReference } from './job-keys.ts';
import type { BeginResult, ChangedJob, JobStore } from './job-store.ts';
import { resultMoving } from './move-results.ts';
import { NewerRecordError } from './newer-record.ts';
import { createRecordReads } from './record-reads.ts';
import { createRecordSeal } from './record-seal.ts';
import type { RecordSeal } from './record-seal.ts';
import { placedJobText } from './told-job.ts';
import { eventBeginning, transitionArguments } from './transition-arguments.ts';
import { isUnreadable, readAlone } from './unread-record.ts';
import { attemptWithoutPayload, endWithoutPayload } from './without-payload.ts';

const submitScript = loadScript(new URL('./scripts/submit.lua', import.meta.url));
const beginScript = loadScript(new URL('./scripts/begin.lua', import.meta.url));
const giveBackScript = loadScript(new URL('./scripts/give-back.lua', import.meta.url));
const forgetPayloadScript = loadScript(new URL('./scripts/forget-payload.lua', import.meta.url));
const transitionScript = loadScript(new URL('./scripts/transition.lua', import.meta.url));

const FORGET_TRIES = 5;

/** Digits enough to tell a start from any other that takes the same token; kept with a job in progress. */
const START_ID_DIGITS = 12;

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
 * @param sealer encrypts what callers and providers wrote; without keys unless given
 * @param versions the forms of the record that are written and read; this release's unless given
 */
export function createJobStore(
  redis: Redis,
  prefix: string,
  replicas: () => number = () => 0,
  sealer: Sealer = createSealer([]),
  versions: RecordVersions = RECORD_VERSIONS,
): JobStore {
  const { newest } = versions;
  // Version 1 is not written, so it costs nothing to keep.
  const written = versions.written > 1 ? versions.written : undefined;
  const replicated = async (record: string): Promise<void> => {
    const wanted = replicas();
    if (wanted === 0) return;
    const confirmed = await (await serverOf(redis, record)).wait(wanted, REPLICATION_TIMEOUT_MS);
    if (confirmed >= wanted) return;
    throw new NotReplicatedError(`${confirmed} of ${wanted} replicas confirmed a write in time`);
  };
  const keysOf = (job: JobReference) => jobKeys(prefix, job);
  const sealOf = (job: ChangedJob, keys: JobKeys = keysOf(job)): RecordSeal =>
    createRecordSeal(sealer, keys, job, written !== undefined);

  const reads = createRecordReads({ redis, prefix, sealer, newest, sealOf });

  return {
    ...reads,
    ...createDueChecks(redis, prefix),

    create: async (request, progress, body, attempts, dueAt) => {
      const keys = keysOf(request);
      const seal = sealOf(request, keys);
      const reply = replyList(
        await submitScript.run(
          redis,
          [keys.record, keys.request, keys.attempts, keys.due, keys.outbox, keys.tombstone],
          [
            seal.requestText(request),
            seal.progressText(progress),
            sealer.seal(body, keys.request),
            request.expires_at,
            dueAt,
            keys.member,
            request.project,
            request.id,
            request.fingerprint ?? '',
            request.batch === undefined ? '' : 1,
            request.key ?? '',
            request.store === false ? 1 : '',
            tallyText(attempts, [], progress),
            written ?? '',
            placedJobText(request, progress) ?? '',
            ...attempts.map((attempt) => seal.attemptText(attempt)),
          ],
        ),
      );
      if (Number(reply[0]) === 1) {
        await replicated(keys.record);
        return { created: true };
      }
      if (Number(reply[0]) === 2) {
        return { created: false, buried: { fingerprint: replyText(reply[1]) } };
      }
      const form = Number(replyText(reply[2]));
      if (form > newest) throw new NewerRecordError(request.id, form, newest);
      // Its first submit may have been refused for want of replicas. WAIT counts from this
      // connection's own last write, so one is made.
      if (replicas() > 0) await redis.hset(keys.record, 'rep', '1');
      await replicated(keys.record);
      return { created: false, existing: seal.request(replyText(reply[1])) };
    },

    createLines: lineCreation({ redis, sealer, keysOf, sealOf, written, replicated }),

    begin: async (job, turn, now, leaseCheckAt, by) => {
      const keys = keysOf(job);
      const reply = replyList(
        await beginScript.run(
          redis,
          [keys.record, keys.request, keys.attempts, keys.due, keys.outbox],
          [
            turn,
            now,
            leaseCheckAt,
            keys.member,
            job.project,
            job.id,
            keys.channel,
            newest,
            by ?? '',
            eventBeginning(job, 'in_progress'),
            startId(),
          ],
        ),
      );
      const kind = replyText(reply[0]);
      if (kind === 'missing' || kind === 'expired') return { kind };
      if (kind === 'newer') return { kind, version: Number(replyText(reply[1])) };
      if (kind === 'stale') {
        return {
          kind,
          status: jobStatusSchema.parse(replyText(reply[1])),
          turn: Number(replyText(reply[2])),
        };
      }
      const begun = readAlone((): BeginResult => {
        const body = reply[7];
        if (!Buffer.isBuffer(body)) throw new TypeError('expected the request body as bytes');
        const seal = sealOf(job, keys);
        const request = seal.request(replyText(reply[1]));
        return {
          kind: 'started',
          request,
          progress: seal.progress(replyText(reply[2]), request),
          token: Number(replyText(reply[3])),
          starts: Number(replyText(reply[4])),
          interrupted: Number(replyText(reply[8])) === 1,
          attempts: Number(replyText(reply[5])),
          body: sealer.open(body, keys.request),
        };
      });
      if (!isUnreadable(begun)) return begun;
      await giveBackScript.run(
        redis,
        [keys.record, keys.due],
        [
          replyText(reply[3]),
          replyText(reply[6]),
          now,
          keys.member,
          keys.channel,
          eventBeginning(job, 'queued'),
        ],
      );
      return { kind: 'unreadable', reason: begun.unreadable };
    },

    transition: async (job, change) => {
      const keys = keysOf(job);
      const seal = sealOf(job, keys);
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
          transitionArguments(job, change, { keys, seal, sealer, newest, written }),
        ),
      );
      if (Number(replyText(reply[0])) === 1) {
        // The end of a job is out and cannot be taken back: it waits for replicas, not for ever.
        if (change.end !== undefined) await replicated(keys.record).catch(ignoreShortage);
        return { ok: true, version: Number(replyText(reply[1])) };
      }
      const status = replyText(reply[1]);
      return {
        ok: false,
        status: status === 'missing' || status === 'newer' ? status : jobStatusSchema.parse(status),
        turn: Number(replyText(reply[2])),
      };
    },

    forgetPayload: async (job) => {
      const { record, request, attempts, result, due, member } = keysOf(job);
      for (let tries = 0; tries < FORGET_TRIES; tries += 1) {
        const stored = await reads.read(job);
        if (stored?.record.end === undefined || stored.record.payloadForgotten) return false;
        const { version, end, request: asked } = stored.record;
        const seal = sealOf(asked);
        const bare = stored.attempts.map(attemptWithoutPayload);
        const done = await forgetPayloadScript.run(
          redis,
          [record, request, attempts, result, due],
          [
            version,
            member,
            seal.endText(endWithoutPayload(end)),
            ...bare.flatMap((attempt) => [attempt.number, seal.attemptText(attempt)]),
          ],
        );
        if (Number(done) === 1) return true;
      }
      throw new Error(`job ${job.id} changed ${FORGET_TRIES} times while it was to be forgotten`);
    },

    moveResults: resultMoving(redis, prefix),
  };
}

/** Of a UUID, as Node draws many of these at a time: a few bytes of their own take 13 µs each time. */
function startId(): string {
  return randomUUID().slice(-START_ID_DIGITS);
}

function ignoreShortage(error: unknown): void {
  if (!(error instanceof NotReplicatedError)) throw error;
}
