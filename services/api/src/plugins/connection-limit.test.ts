import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import { RESERVED_CONNECTIONS } from './connection-limit.ts';

const MOST = 3;
const CONFIGURATION = `
providers:
  main: { kind: openai, apiKey: unused }
server: { maxConnections: ${MOST} }
`;

async function start() {
  const api = await startTestApi({ configuration: CONFIGURATION, registered: ['main'] });
  const { hostname, port } = new URL(api.url);
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  /** A connection that has sent nothing. */
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return { api, open };
}

/** What comes back before the server ends the connection, or before it has answered twice. */
async function ask(socket: Socket, path: string): Promise<{ head: string; ended: boolean }> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${API_KEY}\r\n\r\n`);
  await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  const ends = /connection: close/i.test(text);
  if (ends) await once(socket, 'close');
  return { head: text, ended: ends };
}

const countOpen = ({ app }: Awaited<ReturnType<typeof startTestApi>>): Promise<number> =>
  new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });

test('who comes beyond the connections that are served is told to come again, and let go', async () => {
  const { api, open } = await start();
  const served = [await open(), await open(), await open()];
  const refused = await ask(await open(), '/v1/jobs');
  expect(refused.head).toMatch(/^HTTP\/1\.1 503 /);
  expect(refused.head).toMatch(/retry-after: 1/i);
  expect(refused.head).toContain('no more than 3 connections at a time');
  expect(refused.ended).toBe(true);
  const [first, second] = served;
  expect((await ask(first!, '/v1/jobs')).head).toMatch(/^HTTP\/1\.1 200 /);
  second!.destroy();
  await vi.waitFor(async () => expect(await countOpen(api)).toBe(MOST - 1));
  const { head, ended } = await ask(await open(), '/v1/jobs');
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(ended).toBe(false);
});

test('a balancer still hears that a process with all its connections lives', async () => {
  const { open } = await start();
  for (let count = 0; count < MOST; count += 1) await open();
  const { head, ended } = await ask(await open(), '/healthz');
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(ended).toBe(true);
});

test('of those beyond the ones that hear why, none is kept open', async () => {
  const { api, open } = await start();
  const room = MOST + RESERVED_CONNECTIONS;
  for (let count = 0; count < room; count += 1) await open();
  await vi.waitFor(async () => expect(await countOpen(api)).toBe(room));
  const unheard = await open();
  await once(unheard, 'close');
  expect(unheard.bytesRead).toBe(0);
  expect(await countOpen(api)).toBe(room);
});
