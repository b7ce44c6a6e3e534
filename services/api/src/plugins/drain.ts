import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BrokerError } from '@understudy/contracts';
import type { ApiApp } from '../api-parts.ts';

/** What keeps callers waiting, and can let them go. */
interface Waiting {
  close(): void;
}

/** A request that is still open after this is cut, and so is a connection that never sent one. */
const LAST_CALL_MS = 10_000;

/**
 * When the service stops, those who wait are answered first, and no connection is kept for a next
 * request: Node's `close` waits for every connection that is not idle at that very moment.
 */
export function addDrain(app: ApiApp, waiting: readonly Waiting[]): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    for (const one of waiting) one.close();
    const { server } = app;
    const lastCall = setTimeout(() => server.closeAllConnections(), LAST_CALL_MS);
    if (server.listening) {
      const closed = once(server, 'close');
      await rehearseClose();
      await quietMoment(server);
      server.close();
      await closed;
    }
    clearTimeout(lastCall);
  });
  // A balancer's kept connection may bring one more request, which shall be sent elsewhere.
  app.addHook('onRequest', (_request, _reply, next) => {
    if (!stopping) {
      next();
      return;
    }
    throw new BrokerError('unavailable', 'this API is stopping; ask again', {
      retryAfterSeconds: 1,
    });
  });
  app.addHook('onSend', (_request, reply, _payload, next) => {
    if (stopping) reply.header('connection', 'close');
    next();
  });
}

const MOST_LOOKS = 500;
const QUICK_MS = 0.2;

/**
 * Resolves right after a quick look at the door at which nobody stood there. The system resets
 * connections that it has made and this process has not taken when the door closes: the shorter
 * the time since the last look, the fewer can have come.
 */
async function quietMoment(server: Server): Promise<void> {
  let came = 0;
  const count = (): void => {
    came += 1;
  };
  server.on('connection', count);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    came = 0;
    const lookedAt = performance.now();
    await nextTurn();
    if (came === 0 && performance.now() - lookedAt < QUICK_MS) break;
  }
  server.off('connection', count);
}

/** Closing for the first time takes a millisecond more than for the second. */
async function rehearseClose(): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
