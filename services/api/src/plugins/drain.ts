import { setImmediate as nextTurn } from 'node:timers/promises';
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
    const lastCall = setTimeout(() => app.server.closeAllConnections(), LAST_CALL_MS);
    app.server.once('close', () => clearTimeout(lastCall));
    // The system resets connections that it has made and this process has not yet taken. So the
    // door is closed right after a look at who stands before it.
    await nextTurn();
    await nextTurn();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
}
