import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/**
 * Waits until an API that was started again on its port is ready.
 * @param url of the broker
 * @throws Error after 20 seconds
 */
export async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    if (performance.now() > deadline) throw new Error('the API has not come back');
    await sleep(LOOK_AGAIN_MS);
  }
}
