import { readMessage } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import { subscribePatiently } from '@understudy/runtime';
import type { Redis, Subscriber } from '@understudy/runtime';
import { z } from 'zod';

const cancelSchema = z.object({ project: z.string(), id: z.string() });

function cancelChannel(prefix: string): string {
  return `${prefix}:cancel`;
}

/** Tells every worker that a job has ended without it; whoever calls for it hangs up. */
export async function publishCancel(
  redis: Redis,
  prefix: string,
  { project, id }: JobReference,
): Promise<void> {
  await redis.publish(cancelChannel(prefix), JSON.stringify({ project, id }));
}

export function subscribeToCancels(
  subscriber: Subscriber,
  prefix: string,
  onCancel: (id: string) => void,
): void {
  subscriber.on('message', (channel, text) => {
    if (channel !== cancelChannel(prefix)) return;
    const cancelled = readMessage(cancelSchema, text);
    if (cancelled !== undefined) onCancel(cancelled.id);
  });
  void subscribePatiently(subscriber, cancelChannel(prefix));
}
