import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '../../packages/runtime/src/index.ts';
import { matchingKeys } from '../support/matching-keys.ts';
import type { Broker } from '../support/start-broker.ts';

const LOOK_AGAIN_MS = 1000;

/**
 * Names of all keys and files that a broker keeps, once what it accepted before has settled. Entries
 * of queues come and go for long: what was accepted is delivered, and tried again.
 */
export async function keptNames(redis: Redis, broker: Broker): Promise<ReadonlySet<string>> {
  let last = await namesNow(redis, broker);
  for (;;) {
    await sleep(LOOK_AGAIN_MS);
    const now = await namesNow(redis, broker);
    if ([...now].every((name) => last.has(name))) return now;
    last = now;
  }
}

async function namesNow(redis: Redis, { keyPrefix, filesPath }: Broker): Promise<Set<string>> {
  const names = await matchingKeys(redis, `*${keyPrefix}*`);
  const files = await readdir(filesPath, { recursive: true }).catch(() => []);
  return new Set([...names.filter((name) => !name.includes('queue:{')), ...files]);
}
