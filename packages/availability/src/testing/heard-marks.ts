import { mastersOf, pingRedis } from '@understudy/runtime';
import type { Subscriber } from '@understudy/runtime';
import { openTestRedis } from '../../../../test/support/redis.ts';

/**
 * A wait that resolves when the subscriber has heard all that was published before it began. What
 * two servers of a cluster were given may come in any order, so each of them sends a mark.
 */
export async function subscribeToMarks(
  subscriber: Subscriber,
  prefix: string,
): Promise<() => Promise<void>> {
  const marks = `${prefix}:mark`;
  await subscriber.subscribe(marks);
  const publisher = openTestRedis();
  await pingRedis(publisher);
  return async () => {
    const arrived = Promise.withResolvers<void>();
    const senders = mastersOf(publisher);
    let missing = senders.length;
    const listen = (channel: string): void => {
      if (channel === marks && --missing === 0) arrived.resolve();
    };
    subscriber.on('message', listen);
    await Promise.all(senders.map((sender) => sender.publish(marks, '')));
    await arrived.promise;
    subscriber.off('message', listen);
  };
}
