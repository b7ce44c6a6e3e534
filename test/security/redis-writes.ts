import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseRedisLocation } from '../../packages/runtime/src/index.ts';

/** One value that a command brought to Redis, and where it was put. */
export interface RedisWrite {
  command: string;
  key: string;
  /** Of a hash or a stream. */
  field: string;
  value: string;
}

export interface RedisWrites {
  /** Everything since the start, what scripts wrote and what was gone a moment later included. */
  seen: readonly RedisWrite[];
  close(): void;
}

/** A script is told by the commands that it runs; what reads puts nothing anywhere. */
const NO_WRITES =
  /^(?:eval|evalsha|script|h?m?get|hgetall|hello|client|info|config|ping|x(?:read|range)|z(?:range|score|card|count).*|[ls]?range|llen|exists|hexists|type|ttl|pttl|scan|keys|subscribe|psubscribe|ssubscribe|command|select|auth|time|smembers|bzpopmin|brpoplpush|lpos|watch|multi|exec)$/i;
const PAIRS_AFTER = new Map([
  ['hset', 2],
  ['hmset', 2],
  ['hsetnx', 2],
]);

/** An argument as MONITOR prints it: quoted, with backslashes before what is not printable. */
const ARGUMENT = /"((?:[^"\\]|\\.)*)"/g;

/** Listens to every command that a Redis, on all its servers, carries out for keys with this prefix. */
export async function watchRedisWrites(url: string, keyPrefix: string): Promise<RedisWrites> {
  const location = parseRedisLocation(url);
  if (location.kind === 'sentinels') throw new Error(`nobody watches what sentinels watch: ${url}`);
  const servers =
    location.kind === 'cluster'
      ? location.nodes.map(({ host, port }) => new URL(`redis://${host}:${port}`))
      : [new URL(location.url)];
  const seen: RedisWrite[] = [];
  const sockets = await Promise.all(servers.map((server) => watchServer(server, keyPrefix, seen)));
  return {
    seen,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function watchServer(
  { hostname, port, password }: URL,
  keyPrefix: string,
  seen: RedisWrite[],
): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const listening = once(lines, 'line');
  lines.on('line', (line) => {
    if (!line.includes(keyPrefix)) return;
    const args = [...line.matchAll(ARGUMENT)].map(([, arg = '']) =>
      arg.replaceAll(/\\(["\\])/g, '$1'),
    );
    if (!NO_WRITES.test(args[0] ?? '')) seen.push(...writesOf(args));
  });
  socket.write(`${password === '' ? '' : `AUTH ${decodeURIComponent(password)}\r\n`}MONITOR\r\n`);
  await listening;
  return socket;
}

function writesOf([command = '', key = '', ...rest]: readonly string[]): RedisWrite[] {
  const name = command.toLowerCase();
  const pairsFrom = PAIRS_AFTER.get(name) ?? (name === 'xadd' ? rest.indexOf('*') + 3 : undefined);
  if (pairsFrom === undefined) {
    return rest.map((value) => ({ command: name, key, field: '', value }));
  }
  const pairs = rest.slice(pairsFrom - 2);
  return Array.from({ length: Math.floor(pairs.length / 2) }, (_, index) => ({
    command: name,
    key,
    field: pairs[2 * index] ?? '',
    value: pairs[2 * index + 1] ?? '',
  }));
}
