import { lookup, Resolver } from 'node:dns/promises';

/** What one look-up goes by. */
interface LookUp {
  /** The policy names this host: it may be one that only this machine or its network knows. */
  named: boolean;
  /** Ends what can be ended, when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/**
 * All addresses of a name, in the order in which they are to be tried.
 * @throws an error of the code ENOTFOUND for a name without addresses, of EAI_AGAIN where nobody
 * could tell; the system's resolver may have others
 */
export type ResolveHost = (host: string, lookUp: LookUp) => Promise<readonly string[]>;

/** Until a name server is asked once more; the second time it has twice as long. */
const ASK_AGAIN_MS = 1_500;
const TRIES = 2;
/** What a name server says of a name without addresses of the family that it was asked for. */
const NONE: readonly unknown[] = ['ENOTFOUND', 'ENODATA'];

/**
 * Asks name servers, whatever a caller's own ones do: waiting for them costs a socket. The system's
 * resolver waits in one of the few threads that all look-ups of this process share, and cannot be
 * stopped; it is asked for the hosts alone that the policy names, so that hosts files and the short
 * names of a cluster count.
 * @param nameServers addresses, with a port where it is not 53; default: those of this machine
 */
export function createHostResolver(nameServers?: readonly string[]): ResolveHost {
  return (host, { named, signal }) =>
    named ? askSystem(host) : askNameServers(host, signal, nameServers);
}

async function askSystem(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function askNameServers(
  host: string,
  signal: AbortSignal,
  nameServers: readonly string[] | undefined,
): Promise<string[]> {
  // One for each name: it is ended alone, and what it learns of slow answers holds for no other.
  const resolver = new Resolver({
    timeout: ASK_AGAIN_MS,
    maxTimeout: 2 * ASK_AGAIN_MS,
    tries: TRIES,
  });
  if (nameServers !== undefined) resolver.setServers(nameServers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    // IPv4 first: a machine without a way out by IPv6 is more common than one without IPv4.
    const families = [resolver.resolve4(host), resolver.resolve6(host)];
    const answers = await Promise.allSettled(families);
    const found = answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length > 0) return found;
    throw lookUpError(
      host,
      answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
    );
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** By the codes of the system's resolver: those of name servers also stand for failed connections. */
function lookUpError(host: string, reasons: readonly unknown[]): Error {
  const isNone = reasons.every(
    (one) => one instanceof Error && 'code' in one && NONE.includes(one.code),
  );
  const [message, code] = isNone
    ? [`${host} has no address`, 'ENOTFOUND']
    : [`${host} could not be looked up`, 'EAI_AGAIN'];
  return Object.assign(new Error(message, { cause: reasons[0] }), { code });
}
