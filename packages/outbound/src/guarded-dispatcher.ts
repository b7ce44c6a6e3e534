import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { createGuardedConnector } from './guarded-connector.ts';
import type { OutboundPolicy } from './outbound-policy.ts';
import { createHostResolver, type ResolveHost } from './resolve-host.ts';

/** Connections that lead only to where a policy permits; `close()` or `destroy()` ends them. */
export type GuardedDispatcher = Dispatcher;

export interface GuardedDispatcherOptions {
  /** Looking a name up, connecting and the TLS handshake together; default 10 s. */
  connectTimeoutMs?: number;
  /** Certificate authorities (PEM) to trust instead of those that Node brings along. */
  certificateAuthorities?: string;
  /** Default: by the name servers of this machine, and of hosts that the policy names by its system. */
  resolve?: ResolveHost;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** A server asks for up to ten minutes, and so for a socket that nobody uses. */
const LONGEST_KEEP_ALIVE_MS = 10_000;

/**
 * A dispatcher for URLs that a caller gave. Each new connection looks its name up once, refuses
 * unless every address is permitted, and is made to one of just these addresses; so a name that
 * changes its answer gains nothing. Proxies of the environment are not used: they would connect
 * for us, unchecked. A refusal rejects the request with an OutboundRefusal.
 * @throws RangeError for an entry of the policy that cannot be read
 */
export function createGuardedDispatcher(
  policy: OutboundPolicy,
  options: GuardedDispatcherOptions = {},
): GuardedDispatcher {
  const connect: buildConnector.connector = createGuardedConnector(policy, {
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    certificateAuthorities: options.certificateAuthorities,
    resolve: options.resolve ?? createHostResolver(),
  });
  return new Agent({ connect, pipelining: 1, keepAliveMaxTimeout: LONGEST_KEEP_ALIVE_MS });
}
