import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that the kernel gives to outgoing connections, of which the tests beside make
 * thousands; and the port of a cluster's bus, 10 000 higher, is below them too.
 */
const FIRST = 12_000;
const LAST = 21_999;
const TRIES = 50;

/** A port that is free now on all interfaces, for whoever must name it before listening on it. */
export async function findFreePort(): Promise<number> {
  for (let left = TRIES; left > 0; left -= 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`of ${TRIES} ports between ${FIRST} and ${LAST} none is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
