import type { Attempt } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { createRecordSeal } from './record-seal.ts';

/** One attempt of a job, named. */
export interface AttemptReference extends JobReference {
  /** Counts from 1. */
  number: number;
}

/** Single attempts as they are now, in one round trip; undefined where the job is no longer kept. */
export async function readAttempts(
  redis: Redis,
  prefix: string,
  wanted: readonly AttemptReference[],
  sealer: Sealer,
): Promise<(Attempt | undefined)[]> {
  if (wanted.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const { number, ...job } of wanted) {
    pipeline.lindex(jobKeys(prefix, job).attempts, number - 1);
  }
  const replies = await repliesOf(pipeline.exec());
  return wanted.map(({ number, ...job }, index) => {
    const text = z.string().nullable().parse(replies[index]);
    return text === null
      ? undefined
      : createRecordSeal(sealer, jobKeys(prefix, job)).attempt(text, number);
  });
}
