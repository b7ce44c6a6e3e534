import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

/** A port of the loopback interface that is free now. */
export function findFreePort(): Promise<number> {
  return tryListen('127.0.0.1', 0);
}

/**
 * Ports that are free now, each another: all are held until the last is found.
 * @throws StartError when the address cannot be had
 */
export async function findFreePorts(count: number, host: string): Promise<number[]> {
  const held: { port: number; release(): Promise<void> }[] = [];
  try {
    while (held.length < count) held.push(await hold(host, 0));
  } catch (error) {
    throw new StartError(explain(host, 0, error));
  } finally {
    await Promise.all(held.map(({ release }) => release()));
  }
  return held.map(({ port }) => port);
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

async function tryListen(host: string, port: number): Promise<number> {
  const held = await hold(host, port);
  await held.release();
  return held.port;
}

async function hold(
  host: string,
  port: number,
): Promise<{ port: number; release(): Promise<void> }> {
  const server = createServer().listen({ host, port, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  return {
    port: typeof address === 'object' ? (address?.port ?? port) : port,
    release: async () => {
      server.close();
      await closed;
    },
  };
}
