import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { findTicket } from './tickets.ts';
import { IMAGE, IMAGE_ADDRESS, IMAGE_PATH } from './asked.ts';
import { type JsonObject, isJsonObject } from './json.ts';
import { aimockCall } from './aimock-call.ts';

/** A call as the broker made it, before anything of it was rewritten. */
export interface VendorCall {
  /** First segment of the path: the provider's name in the configuration. */
  provider: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: JsonObject;
}

/** All vendors at one address, told apart by the first segment of the path. */
export interface VendorFront extends AsyncDisposable {
  url: string;
  /** A body in which an image that stands there by its address is one that the front gives. */
  withImages(body: object): object;
  /** The calls that carried this ticket, in order. */
  callsOf(ticket: string): readonly VendorCall[];
  /** From now on these providers, and no others, answer 503, or cut every connection. */
  takeDown(providers: readonly string[], how: 'unavailable' | 'unreachable'): void;
}

/** Passes calls on to aimock, by the path and in the form in which aimock knows the vendor's API. */
export async function startVendorFront(aimockUrl: string): Promise<VendorFront> {
  const calls = new Map<string, VendorCall[]>();
  let down: readonly string[] = [];
  let reachable = true;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.writeHead(request.url === IMAGE_PATH ? 200 : 404, { 'content-type': 'image/png' });
      response.end(Buffer.from(IMAGE, 'base64'));
      return;
    }
    const [, provider = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const received = await text(request);
    if (down.includes(provider) && !reachable) {
      request.socket.destroy();
      return;
    }
    if (down.includes(provider)) {
      response.writeHead(503, { 'content-type': 'text/plain' }).end('no healthy upstream');
      return;
    }
    const body: unknown = received === '' ? undefined : JSON.parse(received);
    if (!isJsonObject(body)) {
      response.writeHead(404).end();
      return;
    }
    const ticket = findTicket(received) ?? '';
    const { headers } = request;
    calls.set(ticket, [...(calls.get(ticket) ?? []), { provider, path, headers, body }]);
    const { path: known, body: sent, shape } = aimockCall(path, body);
    const answered = await fetch(aimockUrl + known, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-test-id': ticket },
      body: JSON.stringify(sent),
    });
    const type = answered.headers.get('content-type') ?? '';
    const answer = Buffer.from(await answered.arrayBuffer());
    const shaped = answered.ok && type.startsWith('application/json') && shape(answer.toString());
    const framed = typeof shaped === 'object' && 'application/vnd.amazon.eventstream';
    response.writeHead(answered.status, { 'content-type': framed || type });
    response.end(shaped || answer);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(Error(String(error))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the front has no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    withImages(body) {
      const written = JSON.stringify(body).replaceAll(IMAGE_ADDRESS, url + IMAGE_PATH);
      const read: object = JSON.parse(written);
      return read;
    },
    callsOf: (ticket) => calls.get(ticket) ?? [],
    takeDown(providers, how) {
      down = providers;
      reachable = how === 'unavailable';
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
