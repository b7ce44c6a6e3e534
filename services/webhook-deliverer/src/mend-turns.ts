import type { DelivererContext } from './deliverer-context.ts';
import { listSettled } from './serve-turn.ts';

const ENDPOINTS_AT_ONCE = 100;

/**
 * Looks at endpoints that were woken a while ago: one whose turn was lost, with Redis or by hand,
 * gets it again; one that has nothing left is forgotten. Any number of replicas may do it.
 */
export async function mendTurns(
  context: Pick<DelivererContext, 'parts' | 'clock' | 'logger' | 'tellUnreadable'>,
): Promise<void> {
  const { parts, clock } = context;
  for (;;) {
    const found = await parts.turns.activeBefore(clock.now(), ENDPOINTS_AT_ONCE);
    for (const { endpoint, score } of found) {
      const listed = await listSettled(context, endpoint);
      const pending = await parts.deliveries.countPending(endpoint);
      if (listed && pending === 0) await parts.turns.forgetActive(endpoint, score);
      // Also says that it is looked at again a while later, and not at once.
      else await parts.wake([endpoint]);
    }
    if (found.length < ENDPOINTS_AT_ONCE) return;
  }
}
