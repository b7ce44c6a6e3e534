import { IncomingMessage } from 'node:http';
import type { ApiApp } from '../api-parts.ts';

/** Time for the client to hear the answer and to stop sending. */
const LINGER_MS = 10_000;

/**
 * A request that was answered before its body was here, a refused one mostly, keeps its connection
 * while the rest of the body comes, as some clients hear nothing before they have sent it all. That
 * is no way to hold one: what has not come in a while is cut.
 */
export function addUnreadBody(app: ApiApp): void {
  app.addHook('onResponse', ({ raw }, _reply, next) => {
    // Of a request that was injected nothing is on its way.
    const isWhole = !(raw instanceof IncomingMessage) || raw.complete || raw.destroyed;
    if (!isWhole) {
      const { socket } = raw;
      const cut = setTimeout(() => socket.destroy(), LINGER_MS);
      raw.once('close', () => clearTimeout(cut));
    }
    next();
  });
}
