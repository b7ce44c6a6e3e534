import { readMessage } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import { subscribePatiently } from '@understudy/runtime';
import type { Redis, Subscriber } from '@understudy/runtime';
import { z } from 'zod';

const cancelSchema = z.object({
  project: z.string(),
  id: z.string(),
  /** Of a batch: no worker of the previous release runs a job by such an id. */
  batch: z.literal(true).optional(),
});

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

/** Tells every worker that no line of a batch is to be begun; those that are begun go on. */
export async function publishStop(
  redis: Redis,
  prefix: string,
  { project, id }: JobReference,
): Promise<void> {
  await redis.publish(cancelChannel(prefix), JSON.stringify({ project, id, batch: true }));
}

/** What workers do about what they hear; ids of jobs, and of batches. */
export interface CancelListeners {
  jobEnded(id: string): void;
  batchStops(id: string): void;
}

export function subscribeToCancels(
  subscriber: Subscriber,
  prefix: string,
  { jobEnded, batchStops }: CancelListeners,
): void {
  subscriber.on('message', (channel, text) => {
    if (channel !== cancelChannel(prefix)) return;
    const cancelled = readMessage(cancelSchema, text);
    if (cancelled === undefined) return;
    if (cancelled.batch === true) batchStops(cancelled.id);
    else jobEnded(cancelled.id);
  });
  void subscribePatiently(subscriber, cancelChannel(prefix));
}
