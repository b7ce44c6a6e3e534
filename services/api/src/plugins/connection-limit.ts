import type { Socket } from 'node:net';
import { BrokerError } from '@understudy/contracts';
import type { Logger } from '@understudy/runtime';
import type { ApiApp } from '../api-parts.ts';

/** Connections beyond the limit that still hear why; those beyond these are closed unheard. */
export const RESERVED_CONNECTIONS = 100;
const RETRY_AFTER_SECONDS = 1;
const SAID_EVERY_MS = 60_000;

export interface ConnectionLimit {
  /** Connections of this process at a time. */
  most: number;
  /** Any steady count of milliseconds. */
  monotonic(): number;
  logger: Logger;
}

/**
 * Keeps connections from filling memory and file descriptors, which takes no key. Whoever comes
 * beyond the limit has one answer, 503 with `Retry-After`, or what a public path says, so that a
 * balancer hears that this process lives; then the connection ends.
 */
export function addConnectionLimit(
  app: ApiApp,
  { most, monotonic, logger }: ConnectionLimit,
): void {
  const beyond = new WeakSet<Socket>();
  let open = 0;
  let saidAt = -Infinity;
  const sayFull = (): void => {
    if (monotonic() - saidAt < SAID_EVERY_MS) return;
    saidAt = monotonic();
    logger.warn(
      {},
      `no more than ${most} connections are served at a time; see server.maxConnections`,
    );
  };
  app.server.maxConnections = most + RESERVED_CONNECTIONS;
  app.server.on('drop', sayFull);
  app.server.on('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open <= most) return;
    beyond.add(socket);
    sayFull();
  });
  app.addHook('onRequest', ({ raw, route }, reply, next) => {
    const isBeyond = beyond.has(raw.socket);
    if (isBeyond) reply.header('connection', 'close');
    if (!isBeyond || route.config.public === true) {
      next();
      return;
    }
    throw new BrokerError(
      'unavailable',
      `this API serves no more than ${most} connections at a time; come again`,
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    );
  });
}
