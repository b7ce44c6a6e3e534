import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ kinds: [], configuration: 'autoRoutes: true' });
});
afterAll(() => broker.stop());

interface DrippedAnswer {
  text: string;
  /** From the first byte to the end of the connection. */
  openMs: number;
}

/** Sends a head at once and then one byte each half second, for as long as the server lets it. */
async function drip(head: string): Promise<DrippedAnswer> {
  const { hostname, port } = new URL(broker.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  const startedAt = performance.now();
  socket.write(head);
  const dripping = setInterval(() => socket.write('a'), 500);
  // What had not been read yet makes a cut a reset.
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  await closed.promise;
  clearInterval(dripping);
  return { text: Buffer.concat(chunks).toString(), openMs: performance.now() - startedAt };
}

describe.concurrent('a connection that brings a byte now and then is cut', () => {
  test('while its headers come, after 10 s', { timeout: 60_000 }, async () => {
    const { text, openMs } = await drip('GET /v1/jobs HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(openMs).toBeLessThan(20_000);
  });

  test('while a body of JSON comes, after 20 s', { timeout: 60_000 }, async () => {
    const { text, openMs } = await drip(
      `POST /v1/jobs HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${broker.apiKey}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"',
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"request_timeout"');
    expect(openMs).toBeGreaterThan(18_000);
    expect(openMs).toBeLessThan(30_000);
  });

  test.each([
    ['without a key', 401, ''],
    ['with a key, to a path that takes no body', 200, 'key'],
  ])('10 s after it was answered %s', { timeout: 60_000 }, async (_name, status, key) => {
    const credential = key === '' ? '' : `X-Api-Key: ${broker.apiKey}\r\n`;
    const { text, openMs } = await drip(
      `GET /v1/jobs HTTP/1.1\r\nHost: x\r\n${credential}Content-Length: 100000\r\n\r\n{"`,
    );
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(openMs).toBeLessThan(20_000);
  });

  test('before it has sent anything, after 10 s', { timeout: 60_000 }, async () => {
    const { hostname, port } = new URL(broker.url);
    const startedAt = performance.now();
    const socket = connect(Number(port), hostname);
    socket.resume();
    await once(socket, 'close');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('a hundred of them keep nobody else waiting', { timeout: 60_000 }, async () => {
    const { hostname, port } = new URL(broker.url);
    const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.write('POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Le');
    }
    const startedAt = performance.now();
    expect((await broker.request('/v1/jobs')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(8000);
    for (const socket of sockets) socket.destroy();
  });
});
