import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** A port of the loopback interface that is free now. */
export function findFreePort(): Promise<number> {
  return tryListen('127.0.0.1', 0);
}

/**
 * The port if it can be listened on; for 0 a free one.
 * @throws StartError that names port, address and remedy
 */
export async function claimPort(host: string, port: number): Promise<number> {
  try {
    return await tryListen(host, port);
  } catch (error) {
    throw new StartError(explain(host, port, error));
  }
}

function explain(host: string, port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${host} is in use by another process; stop it, or choose another with --port.`;
  }
  if (code === 'EACCES') {
    return `this user may not listen on port ${port}; choose one from 1024 up with --port.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `"${host}" is no address of this machine; give another with --host.`;
  }
  return `port ${port} on ${host} cannot be used: ${String(error)}; see --port and --host.`;
}

function tryListen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? port) : port));
    });
  });
}
