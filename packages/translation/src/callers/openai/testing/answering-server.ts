import { once } from 'node:events';
import { createServer } from 'node:http';
import OpenAI from 'openai';

/** Has the official client receive an answer over HTTP, and hands out what it makes of it. */
export async function receivedByOpenAi<Received>(
  answer: object,
  call: (client: OpenAI) => Promise<Received>,
): Promise<Received> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const baseURL = `http://127.0.0.1:${address.port}/v1`;
  try {
    return await call(new OpenAI({ apiKey: 'not-a-key', baseURL, maxRetries: 0 }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
