import { createServer } from 'node:http';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';

export interface StreamingServer {
  url: string;
  /** What the next requests are answered with. */
  frames: Iterable<string>;
}

/** Answers every request with a stream of server-sent events. */
export async function startStreamingServer(): Promise<StreamingServer> {
  const served: StreamingServer = { url: '', frames: [] };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const frame of served.frames) response.write(frame);
    response.end();
  });
  served.url = await listenForTest(server);
  return served;
}
