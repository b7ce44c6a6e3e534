import { Agent, type Dispatcher } from 'undici';

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connections to providers, kept alive and pooled per origin. A call has a connection of its own
 * (no HTTP/2), so that aborting one closes what the provider is working for. Idle connections
 * close after undici's 4 s: servers such as uvicorn close theirs after 5 s without saying so, and
 * a request that meets such a close cannot be told from one that ran.
 */
export function createDispatcher(options: {
  connections: number;
  connectTimeoutMs?: number;
}): Dispatcher {
  return new Agent({
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS },
  });
}
