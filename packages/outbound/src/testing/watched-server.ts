import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** Vouches for the test server's certificate: hooks.example, localhost and 127.0.0.1. */
export const TEST_AUTHORITY = read('test-authority.pem');

export const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

export interface WatchedServer {
  port: number;
  /** Connections that the operating system has handed over, whatever became of them. */
  accepted(): number;
}

/** A server on every address of this machine, as http or with TLS; closed after the test. */
export async function startWatchedServer(
  listener: RequestListener,
  scheme: 'http' | 'https' = 'http',
): Promise<WatchedServer> {
  const server =
    scheme === 'http'
      ? createServer(listener)
      : createTlsServer({ key: read('server-key.pem'), cert: read('server.pem') }, listener);
  let accepted = 0;
  server.on('connection', () => (accepted += 1));
  server.on('tlsClientError', () => undefined);
  server.listen(0, hasIpv6 ? '::' : '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { port: address.port, accepted: () => accepted };
}

/** Counts every try of this process to connect a socket anywhere, and lets it go on. */
export function watchConnects(): { count(): number } {
  const connect = vi.spyOn(Socket.prototype, 'connect');
  onTestFinished(() => connect.mockRestore());
  return { count: () => connect.mock.calls.length };
}
