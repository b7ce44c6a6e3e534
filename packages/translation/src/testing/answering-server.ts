import { once } from 'node:events';
import { createServer } from 'node:http';

/** Answers every request of a client over HTTP with the same JSON. */
export async function answeredWith<Received>(
  answer: object,
  call: (origin: string) => Promise<Received>,
): Promise<Received> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  try {
    return await call(`http://127.0.0.1:${address.port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
