import { isTerminal, jobStatusSchema } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { fullProgress } from './dense/dense-progress.ts';
import { membersOf } from './dense/members.ts';
import { jobKeys } from './job-keys.ts';
import type { JobKeys, JobReference } from './job-keys.ts';
import { outlinedProgressSchema, outlinedRequestSchema } from './job-outline.ts';
import type { JobOutline } from './job-outline.ts';
import type { NewerRecord } from './newer-record.ts';
import { createRecordSeal } from './record-seal.ts';

/** Of a record's hash, in the order in which they are read; what they are, `parseRecord` says. */
const FIELDS = ['v', 'st', 'req', 'prog', 'end', 't1'] as const;

/**
 * As `JobStore.readOutlines` promises it.
 * @param newest the newest form of a record that may be read: of a later one nothing else is looked at
 */
export async function readOutlines(
  redis: Redis,
  prefix: string,
  jobs: readonly JobReference[],
  sealer: Sealer,
  newest: number,
): Promise<(JobOutline | NewerRecord | undefined)[]> {
  if (jobs.length === 0) return [];
  const keys = jobs.map((job) => jobKeys(prefix, job));
  const pipeline = redis.pipeline();
  for (const { record } of keys) pipeline.hmget(record, ...FIELDS);
  const replies = await repliesOf(pipeline.exec());
  return jobs.map((job, index) => parseOutline(replies[index], job, keys[index]!, sealer, newest));
}

function parseOutline(
  reply: unknown,
  job: JobReference,
  keys: JobKeys,
  sealer: Sealer,
  newest: number,
): JobOutline | NewerRecord | undefined {
  const [form, status, request, progress, end, completedAt] = textsOf(reply);
  if (Number(form ?? 1) > newest) return { newer: Number(form) };
  if (request === undefined || progress === undefined) return undefined;
  const known = jobStatusSchema.parse(status);
  const seal = createRecordSeal(sealer, keys, job, false);
  const outlined = seal.partOfRequest(request, (members) => ({
    ...outlinedRequestSchema.parse(members),
    id: job.id,
    project: job.project,
  }));
  const way = fullProgress(membersOf(JSON.parse(progress)), outlined);
  return {
    request: outlined,
    progress: outlinedProgressSchema.parse(way),
    status: known,
    ...(completedAt === undefined ? {} : { completedAt: Number(completedAt) }),
    ...(isTerminal(known) && end !== undefined ? { end: seal.end(end) } : {}),
  };
}

/** By hand: a schema took as long as JSON takes for what is in the fields. */
function textsOf(reply: unknown): (string | undefined)[] {
  if (!Array.isArray(reply)) throw new TypeError('expected fields of a hash of Redis');
  return reply.map((value: unknown) => {
    if (typeof value === 'string') return value;
    if (value === null) return undefined;
    throw new TypeError('a field of a record is no text');
  });
}
