import type { ApiApp } from '../api-parts.ts';
import type { LongPolls } from '../long-polls.ts';

/** A request that is still open after this is cut, and so is a connection that never sent one. */
const LAST_CALL_MS = 4000;

/**
 * When the service stops, those who wait are answered first, and no connection is kept for a next
 * request: Node's `close` waits for every connection that is not idle at that very moment.
 */
export function addDrain(app: ApiApp, longPolls: LongPolls): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    longPolls.close();
    const lastCall = setTimeout(() => app.server.closeAllConnections(), LAST_CALL_MS);
    app.server.once('close', () => clearTimeout(lastCall));
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });
}
