import type { Redis, RedisScript } from '@understudy/runtime';
import { batchKeys } from './batch-keys.ts';
import { LeaseLostError } from './batch-run.ts';
import type { BatchLease } from './batch-run.ts';

/**
 * Runs a script for whoever holds a batch. Its first key is the batch's record, its first argument the
 * fence of the lease; it returns 1, or 0 where that is not the latest.
 * @throws LeaseLostError and nothing has changed
 */
export type LeaseStep = (
  lease: BatchLease,
  script: RedisScript,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<void>;

export function createLeaseStep(redis: Redis, keyPrefix: string): LeaseStep {
  return async ({ batch, fence }, script, keys, args) => {
    const { record } = batchKeys(keyPrefix, batch);
    const reply = await script.run(redis, [record, ...keys], [fence, ...args]);
    if (Number(reply) === 1) return;
    throw new LeaseLostError(`another runner has taken over batch ${batch.id}`);
  };
}
