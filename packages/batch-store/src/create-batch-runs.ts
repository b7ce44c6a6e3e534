import type { Redis, Subscriber } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { createBatchCourse } from './batch-course.ts';
import { createBatchHolding } from './batch-holding.ts';
import { createBatchOutput } from './batch-output.ts';
import type { BatchRuns } from './batch-run.ts';
import { createLeaseStep } from './lease-step.ts';

/**
 * @param subscriber a connection that only listens; needed by `onWake`
 * @param sealer encrypts what callers wrote; without keys unless given
 */
export function createBatchRuns(
  redis: Redis,
  keyPrefix: string,
  subscriber?: Subscriber,
  sealer: Sealer = createSealer([]),
): BatchRuns {
  const step = createLeaseStep(redis, keyPrefix);
  return {
    ...createBatchHolding(redis, keyPrefix, step, subscriber),
    ...createBatchCourse(redis, keyPrefix, step, sealer),
    ...createBatchOutput(redis, keyPrefix, step, sealer),
  };
}
