import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from './listen-on-loopback.ts';

/** One request as it arrived. */
export interface RecordedRequest {
  method: string;
  /** Path and query, percent-encoding kept. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

export interface RecordingProvider extends AsyncDisposable {
  baseUrl: string;
  requests: RecordedRequest[];
}

/** A real HTTP server on loopback that records each request and answers with the given bytes. */
export async function startRecordingProvider(
  answer: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<RecordingProvider> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      requests.push(await recorded(request));
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
    })();
  });
  const baseUrl = await listenOnLoopback(server);
  return {
    baseUrl,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function recorded(request: IncomingMessage): Promise<RecordedRequest> {
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: await text(request) };
}
