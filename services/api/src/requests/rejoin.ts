import type { Redis } from '@understudy/runtime';

/** The SDKs' own retries are over long before. */
const REMEMBERED_MS = 15 * 60_000;

/** A POST that makes something. */
export interface RepeatablePost {
  project: string;
  /** Equal exactly where method, path, body and the broker's own headers are. */
  fingerprint: string;
  /** The header `X-Stainless-Retry-Count`, which the vendors' SDKs send with every request. */
  retryCount: string | string[] | undefined;
}

/**
 * The vendors' SDKs repeat a POST whose answer was lost, and send no idempotency key; but they count
 * their retries. So a first try remembers the id it is going to create, and a retry creates under
 * that id again: what is there already is found, what a crash prevented is made.
 */
export interface Rejoin {
  /**
   * The id to create under: of the request that this one repeats, or what `fresh` makes. Remembered
   * for 15 minutes before this resolves. Costs a round trip only where the header is there.
   */
  idFor(post: RepeatablePost, fresh: () => string): Promise<{ id: string; rejoined: boolean }>;
  /** Of a request that was refused nothing shall be kept. */
  forget(post: RepeatablePost): Promise<void>;
}

export function createRejoin(redis: Redis, prefix: string): Rejoin {
  const keyOf = ({ project, fingerprint }: RepeatablePost): string =>
    `${prefix}:{p:${project}}:posted:${fingerprint}`;
  return {
    idFor: async (post, fresh) => {
      const { retryCount } = post;
      if (retryCount === undefined) return { id: fresh(), rejoined: false };
      const key = keyOf(post);
      if (!/^[1-9]\d*$/.test(String(retryCount))) {
        const id = fresh();
        await redis.set(key, id, 'PX', REMEMBERED_MS);
        return { id, rejoined: false };
      }
      const id = fresh();
      // One command, so that two retries at a time agree.
      const earlier = await redis.set(key, id, 'PX', REMEMBERED_MS, 'NX', 'GET');
      return earlier === null ? { id, rejoined: false } : { id: earlier, rejoined: true };
    },
    forget: async (post) => {
      if (post.retryCount !== undefined) await redis.del(keyOf(post));
    },
  };
}
