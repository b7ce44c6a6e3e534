import type { Redis } from '@understudy/runtime';
import { openTestRedis } from '../../../../test/support/redis.ts';

/** A wait that resolves when the subscriber has heard all that was published before it began. */
export async function subscribeToMarks(
  subscriber: Redis,
  prefix: string,
): Promise<() => Promise<void>> {
  const marks = `${prefix}:mark`;
  await subscriber.subscribe(marks);
  const publisher = openTestRedis();
  return async () => {
    const arrived = Promise.withResolvers<void>();
    const listen = (channel: string): void => {
      if (channel === marks) arrived.resolve();
    };
    subscriber.on('message', listen);
    await publisher.publish(marks, '');
    await arrived.promise;
    subscriber.off('message', listen);
  };
}
