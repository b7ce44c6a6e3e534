import { jobStatusSchema } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { ChangedJob, JobStore, StoredJob } from './job-store.ts';
import { NewerRecordError, isNewerRecord } from './newer-record.ts';
import { END_FIELDS, parseEnd } from './parse-end.ts';
import { RECORD_FIELDS, attemptFields, namedFields, parseRecord } from './parse-record.ts';
import type { RecordFields } from './parse-record.ts';
import { readAttempts } from './read-attempts.ts';
import { readOutlines } from './read-outlines.ts';
import type { RecordSeal } from './record-seal.ts';
import { isUnreadable, readAlone } from './unread-record.ts';
import type { UnreadRecord } from './unread-record.ts';

const textsSchema = z.array(z.string());
const fieldsSchema = z.record(z.string(), z.string());
const statusFieldsSchema = z.tuple([z.string().nullable(), jobStatusSchema.nullable()]);

interface RecordWithAttempts {
  fields: RecordFields;
  /** Their texts, in order. */
  attempts: readonly string[];
}

/** What `JobStore` reads of records, their attempts and payloads. */
export type RecordReads = Pick<
  JobStore,
  | 'read'
  | 'readRecords'
  | 'readEach'
  | 'readEnds'
  | 'readStatuses'
  | 'readHeads'
  | 'readOutlines'
  | 'readAttempts'
  | 'readResult'
  | 'readRequestBody'
>;

export interface RecordReadsOptions {
  redis: Redis;
  prefix: string;
  sealer: Sealer;
  /** The newest form of a record that this release reads. */
  newest: number;
  sealOf(job: ChangedJob): RecordSeal;
}

export function createRecordReads(options: RecordReadsOptions): RecordReads {
  const { redis, prefix, sealer, newest, sealOf } = options;
  const keysOf = (job: JobReference) => jobKeys(prefix, job);
  const readBytes = async (key: string): Promise<Buffer | undefined> => {
    const bytes = await redis.getBuffer(key);
    return bytes === null ? undefined : sealer.open(bytes, key);
  };

  const known = <Known extends object>(
    { id }: JobReference,
    record: Known | UnreadRecord | undefined,
  ): Known | undefined => {
    if (isNewerRecord(record)) throw new NewerRecordError(id, record.newer, newest);
    if (isUnreadable(record)) throw record.unreadable;
    return record;
  };

  const readEach: JobStore['readEach'] = async (jobs) => {
    if (jobs.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const job of jobs) pipeline.hmget(keysOf(job).record, ...RECORD_FIELDS);
    const replies = await repliesOf(pipeline.exec());
    return jobs.map((job, index) =>
      readAlone(() => parseRecord(namedFields(replies[index]), sealOf(job), newest)),
    );
  };

  const readWhole = async (job: JobReference): Promise<RecordWithAttempts> => {
    const keys = keysOf(job);
    const fields = await redis.hgetall(keys.record);
    const attempts = attemptFields(fields);
    if (attempts !== undefined) return { fields, attempts };
    // The list may have grown since: MULTI, so that record and attempts are of one version.
    const [again, listed] = await repliesOf(
      redis.multi().hgetall(keys.record).lrange(keys.attempts, 0, -1).exec(),
    );
    return { fields: fieldsSchema.parse(again), attempts: textsSchema.parse(listed) };
  };

  const read = async (job: JobReference): Promise<StoredJob | undefined> => {
    const { fields, attempts } = await readWhole(job);
    const seal = sealOf(job);
    const record = known(job, parseRecord(fields, seal, newest));
    if (record === undefined) return undefined;
    return {
      record,
      attempts: attempts.map((text, index) => seal.attempt(text, index + 1, record)),
    };
  };

  return {
    read,

    readRecords: async (jobs) => {
      const records = await readEach(jobs);
      return jobs.map((job, index) => known(job, records[index]));
    },

    readEach,

    readStatuses: async (jobs) => {
      if (jobs.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const job of jobs) pipeline.hmget(keysOf(job).record, 'v', 'st');
      const replies = await repliesOf(pipeline.exec());
      return replies.map((reply) =>
        readAlone(() => {
          const [form, status] = statusFieldsSchema.parse(reply);
          if (form !== null && Number(form) > newest) return { newer: Number(form) };
          return status ?? undefined;
        }),
      );
    },

    readEnds: async (jobs) => {
      if (jobs.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const job of jobs) pipeline.hmget(keysOf(job).record, ...END_FIELDS);
      const replies = await repliesOf(pipeline.exec());
      return jobs.map((job, index) =>
        readAlone(() => parseEnd(replies[index], job, sealOf(job), newest)),
      );
    },

    readHeads: async (jobs) => {
      if (jobs.length === 0) return [];
      const pipeline = redis.pipeline();
      for (const job of jobs) {
        const { record, attempts } = keysOf(job);
        // Attempts only come with a new turn while nobody runs the job: who guards by the turn sees both alike.
        pipeline.hmget(record, ...RECORD_FIELDS).llen(attempts);
      }
      const replies = await repliesOf(pipeline.exec());
      return jobs.map((job, index) =>
        readAlone(() => {
          const fields = namedFields(replies[2 * index]);
          const record = parseRecord(fields, sealOf(job), newest);
          if (record === undefined || isNewerRecord(record)) return record;
          return { record, attempts: Number(fields['n'] ?? replies[2 * index + 1]) };
        }),
      );
    },

    readOutlines: (jobs) => readOutlines(redis, prefix, jobs, sealer, newest),

    readAttempts: (wanted) => readAttempts(redis, prefix, wanted, sealer),

    readResult: (job) => readBytes(keysOf(job).result),

    readRequestBody: (job) => readBytes(keysOf(job).request),
  };
}
