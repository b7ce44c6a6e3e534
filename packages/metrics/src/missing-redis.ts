import { pingRedis } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { within } from './within.ts';

const PATIENCE_MS = 1000;

/** What `/readyz` says of Redis: nothing where it answers. */
export async function missingRedis(redis: Redis): Promise<string[]> {
  const answers = await within(PATIENCE_MS, pingRedis(redis)).then(
    () => true,
    () => false,
  );
  return answers ? [] : ['Redis does not answer'];
}

/** Of a service that plans by what it has read of workers and cool-downs. */
export async function missingForPlanning({
  redis,
  isLoaded,
}: {
  redis: Redis;
  isLoaded(): boolean;
}): Promise<string[]> {
  const unread = isLoaded() ? [] : ['workers and cool-downs have not been read yet'];
  return [...(await missingRedis(redis)), ...unread];
}
