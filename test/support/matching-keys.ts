import { mastersOf } from '../../packages/runtime/src/index.ts';
import type { Redis } from '../../packages/runtime/src/index.ts';

/** The names of all keys that match a pattern, on every server. */
export async function matchingKeys(redis: Redis, pattern: string): Promise<string[]> {
  const found = await Promise.all(mastersOf(redis).map((server) => server.keys(pattern)));
  return found.flat();
}

/** Removes all keys that match a pattern, in steps that hold no server up for long. */
export async function removeMatchingKeys(redis: Redis, pattern: string): Promise<void> {
  await Promise.all(
    mastersOf(redis).map(async (server) => {
      for await (const page of server.scanStream({ match: pattern, count: 1000 })) {
        const names: string[] = page;
        // One by one: in a cluster each may be of another slot.
        const removing = server.pipeline();
        for (const name of names) removing.unlink(name);
        await removing.exec();
      }
    }),
  );
}
