import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueConsumer } from '@understudy/queue';
import type { WorkerContext } from './worker-context.ts';

/** What handing back takes at most once calls are cut off, where Redis has come back by then. */
const HAND_BACK_MS = 5000;
const LOOK_INTERVAL_MS = 50;

/**
 * Takes no more turns, and resolves when those that run have ended. What still runs after
 * `gracePeriodMs` is cut off and handed back; where Redis is away then, it is left for others to find.
 */
export async function endTurns(
  { running, dispatch }: Pick<WorkerContext, 'running' | 'dispatch'>,
  consumers: readonly QueueConsumer[],
  gracePeriodMs: number,
): Promise<void> {
  const aborting = setTimeout(() => running.stopAll('drain'), gracePeriodMs);
  const closed = Promise.all(consumers.map((consumer) => consumer.close()));
  if (dispatch.redis.status === 'ready') {
    await closed;
  } else {
    // BullMQ waits for its connection to end, which one that is just away never does, not even when
    // Redis is back; the calls may end and be settled then.
    closed.catch(() => undefined);
    const until = performance.now() + gracePeriodMs + HAND_BACK_MS;
    while (running.jobs().length > 0 && performance.now() < until) await sleep(LOOK_INTERVAL_MS);
  }
  clearTimeout(aborting);
}
