import type { OpenDispatch } from '@understudy/dispatch';

/** Makes room in queues that had jobs waiting for so long that their numbers come to an end. */
export async function renumberQueues({ queue, views }: OpenDispatch): Promise<void> {
  for (const provider of Object.keys(views().settings.providers)) await queue.renumber(provider);
}
