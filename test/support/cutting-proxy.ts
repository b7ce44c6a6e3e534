import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A connection in between that breaks when a test wants it to. */
export interface CuttingProxy extends AsyncDisposable {
  /** Without a trailing slash. */
  url: string;
  /** Breaks every connection that is open now. */
  cut(): void;
  /** Breaks the connection of the next answer when its first bytes have come, before they go on. */
  cutNextAnswer(): void;
  /** How many connections were ever made. */
  connections(): number;
}

/** Passes bytes on to a port of this machine, and back. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let made = 0;
  let answersToCut = 0;
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };

  const server = createServer((client) => {
    made += 1;
    const target = connect(targetPort, '127.0.0.1');
    const pair = [client, target] as const;
    for (const socket of pair) {
      open.add(socket);
      // A connection that breaks is what this is for.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        for (const one of pair) one.destroy();
      });
    }
    client.on('data', (bytes) => target.write(bytes));
    target.on('data', (bytes) => {
      if (answersToCut === 0) return client.write(bytes);
      answersToCut -= 1;
      return client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    cutNextAnswer: () => {
      answersToCut += 1;
    },
    connections: () => made,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
