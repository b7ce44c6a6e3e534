import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface ServedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Answers the request of this number, counted from 0. */
export type Serve = (number: number, request: ServedRequest, response: ServerResponse) => void;

export interface TestServer {
  url: string;
  /** In the order in which they came. */
  requests: ServedRequest[];
}

/** A real server that answers as `serve` says, until the test is over. */
export async function startServer(serve: Serve): Promise<TestServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const served = text(incoming).then((body) => {
      const request = { method, path: url, headers, body };
      return serve(requests.push(request) - 1, request, response);
    });
    // The caller hung up.
    served.catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** A refusal as the broker words it. */
export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = { status, detail: `${code} it is`, error: { message: 'other words', code } };
  sendJson(response, status, body, { 'content-type': 'application/problem+json', ...headers });
}
