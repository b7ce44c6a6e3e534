import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

/** What a receiver does with a delivery; only `good` and `slow` take it. */
export const MOODS = ['good', 'fails', 'hangs', 'redirects', 'closes', 'slow'] as const;
export type Mood = (typeof MOODS)[number];

/** What came of one event, as its receiver saw it. */
export interface ReceivedEvent {
  /** Its body, the same on every try. */
  body: string;
  tries: number;
  /** Tries that were answered with 2xx. */
  taken: number;
}

export interface WebhookReceivers extends AsyncDisposable {
  urlOf(receiver: number): string;
  /** By `webhook-id`. */
  events: Map<string, ReceivedEvent>;
  /** What must never happen, a line each: a signature that does not hold, a body that changed, a followed redirect. */
  problems: string[];
  requests(): number;
}

/**
 * Receivers of webhooks as one real HTTP server, each at a path of its own, some of them hostile.
 * @param slowMs how long a slow one takes to answer
 */
export async function startWebhookReceivers(
  moods: readonly Mood[],
  secret: string,
  slowMs: number,
): Promise<WebhookReceivers> {
  const events = new Map<string, ReceivedEvent>();
  const problems: string[] = [];
  let requests = 0;
  const verifier = new Webhook(secret);
  const answer = async (mood: Mood, response: ServerResponse, event: ReceivedEvent) => {
    if (mood === 'closes') response.destroy();
    if (mood === 'fails') response.writeHead(500).end('broken');
    if (mood === 'redirects') response.writeHead(307, { location: '/followed' }).end();
    if (mood === 'slow') await sleep(slowMs);
    if ((mood !== 'good' && mood !== 'slow') || response.destroyed) return;
    event.taken += 1;
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request).catch(() => undefined);
      // A request that was cut while it came says nothing.
      if (body === undefined) return;
      requests += 1;
      const mood = moods[Number(request.url?.slice(1))];
      const id = String(request.headers['webhook-id']);
      if (mood === undefined) {
        problems.push(`${id} came to ${request.url}`);
        return;
      }
      try {
        verifier.verify(body, {
          'webhook-id': id,
          'webhook-timestamp': String(request.headers['webhook-timestamp']),
          'webhook-signature': String(request.headers['webhook-signature']),
        });
      } catch (error) {
        problems.push(`${id}: ${String(error)}`);
      }
      const event = events.get(id) ?? { body, tries: 0, taken: 0 };
      events.set(id, event);
      event.tries += 1;
      if (event.body !== body) problems.push(`${id} came with another body`);
      await answer(mood, response, event);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    urlOf: (receiver) => `http://127.0.0.1:${port}/${receiver}`,
    events,
    problems,
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
