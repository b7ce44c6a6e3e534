import type { Attempt } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { createRecordSeal } from './record-seal.ts';
import { readAlone } from './unread-record.ts';
import type { UnreadableRecord } from './unread-record.ts';

const textSchema = z.string().nullable();
const fieldsSchema = z.tuple([textSchema, textSchema, textSchema]);

/** One attempt of a job, named. */
export interface AttemptReference extends JobReference {
  /** Counts from 1. */
  number: number;
}

/** As `JobStore.readAttempts` promises it. */
export async function readAttempts(
  redis: Redis,
  prefix: string,
  wanted: readonly AttemptReference[],
  sealer: Sealer,
): Promise<(Attempt | UnreadableRecord | undefined)[]> {
  if (wanted.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { number, ...job } of wanted) {
    const { record, attempts } = jobKeys(prefix, job);
    pipeline.hmget(record, 'req', 'end', `a${number}`);
    // Where a record of the first form has its attempts.
    pipeline.lindex(attempts, number - 1);
  }
  const replies = await repliesOf(pipeline.exec());
  return wanted.map(({ number, ...job }, index) =>
    readAlone(() => {
      const [request, end, own] = fieldsSchema.parse(replies[2 * index]);
      const text = own ?? textSchema.parse(replies[2 * index + 1]);
      if (request === null || text === null) return undefined;
      const seal = createRecordSeal(sealer, jobKeys(prefix, job), job, false);
      return seal.attempt(text, number, {
        request: seal.request(request),
        ...(end === null ? {} : { end: seal.end(end) }),
      });
    }),
  );
}
