import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 25;

/**
 * Looks until `look` gives something, on the monotonic clock.
 * @throws Error naming `what` after `timeoutMs`
 */
export async function until<Found>(
  what: string,
  timeoutMs: number,
  look: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`no ${what} after ${timeoutMs} ms`);
    await sleep(LOOK_AGAIN_MS);
  }
}
