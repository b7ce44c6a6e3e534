import { lookup } from 'node:dns/promises';

/**
 * All addresses of a name, in the order in which they are to be tried.
 * @throws what the system's resolver says of a name without addresses
 */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** By the system's resolver, so that hosts files and the names of containers count. */
export const resolveBySystem: ResolveHost = async (host) => {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
};
