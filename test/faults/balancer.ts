import { setTimeout as sleep } from 'node:timers/promises';

const ASKED_EVERY_MS = 50;
const ANSWER_WITHIN_MS = 400;

/** What a load balancer does: it asks each replica again and again whether it is ready. */
export interface Balancer extends AsyncDisposable {
  /** The replicas that were ready when last asked. */
  ready(): readonly string[];
}

export function createBalancer(urls: readonly string[]): Balancer {
  const ready = new Set(urls);
  const over = new AbortController();
  const asking = urls.map(async (url) => {
    while (!over.signal.aborted) {
      if (await isReady(url)) ready.add(url);
      else ready.delete(url);
      await sleep(ASKED_EVERY_MS);
    }
  });
  return {
    ready: () => [...ready],
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await Promise.all(asking);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    // A connection of its own: one that is kept would be reset when the replica stops.
    const headers = { connection: 'close' };
    return (await fetch(`${url}/readyz`, { headers, signal })).ok;
  } catch {
    return false;
  }
}
