import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createGuardedDispatcher, type GuardedDispatcherOptions } from './guarded-dispatcher.ts';
import { postOutbound, type OutboundPost } from './post-outbound.ts';
import type { ResolveHost } from './resolve-host.ts';
import { startWatchedServer, TEST_AUTHORITY } from './testing/watched-server.ts';

const toLoopback = () => Promise.resolve(['127.0.0.1']);

interface Given extends Partial<OutboundPost>, GuardedDispatcherOptions {
  allow?: readonly string[];
}

function post(url: string, given: Given = {}) {
  const { allow = ['127.0.0.0/8'], connectTimeoutMs, resolve, certificateAuthorities } = given;
  const dispatcher = createGuardedDispatcher(
    { allow },
    {
      resolve: resolve ?? toLoopback,
      certificateAuthorities: certificateAuthorities ?? TEST_AUTHORITY,
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    },
  );
  onTestFinished(() => dispatcher.destroy());
  const { headers = {}, body = '{}', timeoutMs = 5_000, maxAnswerBytes, signal } = given;
  return postOutbound({
    url,
    headers,
    body,
    timeoutMs,
    dispatcher,
    ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
    ...(signal === undefined ? {} : { signal }),
  });
}

test('a name with a valid certificate is posted to, byte for byte, under its own name', async () => {
  const seen: unknown[] = [];
  const { port } = await startWatchedServer((request, response) => {
    const { method, url, headers, socket } = request;
    const servername = 'servername' in socket ? socket.servername : undefined;
    seen.push({ method, url, host: headers.host, id: headers['webhook-id'], servername });
    response.writeHead(201, { 'x-one': ['a', 'b'] });
    request.pipe(response);
  }, 'https');
  const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  const result = await post(`https://hooks.example:${port}/hook?a=1`, {
    headers: { 'webhook-id': 'evt_1' },
    body,
  });
  expect(result).toMatchObject({ kind: 'answer', status: 201, truncated: false, body });
  expect(result).toHaveProperty(['headers', 'x-one'], 'a, b');
  const host = `hooks.example:${port}`;
  const servername = 'hooks.example';
  expect(seen).toEqual([{ method: 'POST', url: '/hook?a=1', host, id: 'evt_1', servername }]);
});

test('an address with a certificate of its own is posted to', async () => {
  const { port } = await startWatchedServer((_, response) => response.end(), 'https');
  const result = await post(`https://127.0.0.1:${port}/`);
  expect(result).toMatchObject({ kind: 'answer', status: 200 });
});

test('a certificate for another name is no good, nor one that nobody vouches for', async () => {
  const { port } = await startWatchedServer((_, response) => response.end(), 'https');
  expect(await post(`https://other.example:${port}/`)).toMatchObject({
    kind: 'failed',
    reason: `other.example:${port} has a certificate for another name (ERR_TLS_CERT_ALTNAME_INVALID)`,
  });
  const options = { certificateAuthorities: await anotherAuthority() };
  expect(await post(`https://hooks.example:${port}/`, options)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('vouches for'),
  });
});

async function anotherAuthority(): Promise<string> {
  const { rootCertificates } = await import('node:tls');
  return rootCertificates[0] ?? '';
}

test('connections are used again without another look-up', async () => {
  const { port, accepted } = await startWatchedServer((_, response) => response.end());
  const resolve = vi.fn<ResolveHost>(toLoopback);
  const dispatcher = createGuardedDispatcher({ allow: ['hooks.internal'] }, { resolve });
  onTestFinished(() => dispatcher.destroy());
  const url = `http://hooks.internal:${port}/`;
  for (let count = 0; count < 8; count += 1) {
    const result = await postOutbound({ url, headers: {}, body: '', timeoutMs: 5_000, dispatcher });
    expect(result).toMatchObject({ kind: 'answer', status: 200 });
  }
  expect(resolve).toHaveBeenCalledTimes(accepted());
  // A connection is free only a moment after its answer was read.
  expect(accepted()).toBeLessThan(4);
});

test('of several addresses the next is tried when one refuses the connection', async () => {
  const { port } = await startWatchedServer((_, response) => response.end());
  const closed = await freePort();
  expect(closed).not.toBe(port);
  const given = { resolve: async () => ['127.0.0.1', '::1'], allow: ['localhost'] };
  expect(await post(`http://localhost:${port}/`, given)).toMatchObject({
    kind: 'answer',
  });
  expect(await post(`http://localhost:${closed}/`, given)).toMatchObject({
    kind: 'failed',
    reason: `localhost:${closed} refused the connection (ECONNREFUSED)`,
  });
});

test('localhost is this machine, whatever a resolver says, at the addresses that are allowed', async () => {
  const { port } = await startWatchedServer((_, response) => response.end());
  for (const allow of [['127.0.0.1'], ['127.0.0.0/8', '::1'], ['localhost']]) {
    const result = await post(`http://LOCALHOST.:${port}/`, {
      allow,
      resolve: async () => ['8.8.8.8'],
    });
    expect(result).toMatchObject({ kind: 'answer', status: 200 });
  }
});

test('the proxies of the environment are not asked', async () => {
  const proxy = await startWatchedServer((_, response) => response.end('from the proxy'));
  const { port } = await startWatchedServer((_, response) => response.end('direct'));
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'];
  for (const name of names) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const result = await post(`http://127.0.0.1:${port}/`);
  expect(result).toMatchObject({ body: Buffer.from('direct') });
  expect(proxy.accepted()).toBe(0);
});

test('of an endless answer no more than the cap is read, and the connection is closed', async () => {
  const closed = Promise.withResolvers<void>();
  const { port } = await startWatchedServer((_, response) => {
    const chunk = Buffer.alloc(256 * 1024, 'a');
    const more = () => void response.write(chunk);
    response.on('drain', more).once('close', closed.resolve);
    more();
  });
  const result = await post(`http://127.0.0.1:${port}/`);
  expect(result).toMatchObject({ kind: 'answer', status: 200, truncated: true });
  expect(result).toHaveProperty('body.length', 64 * 1024);
  await closed.promise;
});

test('an answer of exactly the cap is whole', async () => {
  const { port } = await startWatchedServer((_, response) => response.end('abc'));
  const url = `http://127.0.0.1:${port}/`;
  const whole = { body: Buffer.from('abc'), truncated: false };
  expect(await post(url, { maxAnswerBytes: 3 })).toMatchObject(whole);
  const cut = { body: Buffer.from('ab'), truncated: true };
  expect(await post(url, { maxAnswerBytes: 2 })).toMatchObject(cut);
});

test.each([
  ['before the first byte of its answer', false],
  ['in the middle of its answer', true],
])('a receiver that hangs %s is given up after the timeout', async (_, begins) => {
  const closed = Promise.withResolvers<void>();
  const { port } = await startWatchedServer((_request, response) => {
    response.once('close', closed.resolve);
    if (begins) response.write('a');
  });
  const result = await post(`http://127.0.0.1:${port}/`, { timeoutMs: 300 });
  expect(result).toMatchObject({
    kind: 'failed',
    reason: `127.0.0.1:${port} gave no complete answer within 300 ms`,
  });
  await closed.promise;
});

test('a look-up that never ends is given up after the connect timeout', async () => {
  const result = await post('https://silent.example/', {
    resolve: () => new Promise<never>(() => undefined),
    connectTimeoutMs: 200,
  });
  expect(result).toMatchObject({
    kind: 'failed',
    reason: 'silent.example accepted no connection in time (UND_ERR_CONNECT_TIMEOUT)',
  });
});

test('a TLS handshake that never ends is given up after the connect timeout', async () => {
  const server = createServer((socket) => void socket.on('error', () => undefined));
  onTestFinished(() => void server.close());
  const port = await portOfServer(server);
  const result = await post(`https://127.0.0.1:${port}/`, { connectTimeoutMs: 300 });
  expect(result).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('accepted no connection in time'),
  });
});

test('an abort ends the call', async () => {
  const asked = Promise.withResolvers<void>();
  const { port } = await startWatchedServer(() => asked.resolve());
  const stopping = new AbortController();
  const running = post(`http://127.0.0.1:${port}/`, { signal: stopping.signal });
  await asked.promise;
  stopping.abort();
  expect(await running).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('ended from our side'),
  });
});

test.each([
  ['no HTTP', 'SMTP ready\r\n', 'not what its scheme says'],
  ['nothing', '', 'closed the connection before it had answered'],
  ['half of what it promised', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'closed'],
])('a receiver that answers %s has failed', async (_, answer, says) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  onTestFinished(() => void server.close());
  const port = await portOfServer(server);
  const result = await post(`http://127.0.0.1:${port}/`, { body: 'a secret' });
  expect(result).toMatchObject({ kind: 'failed', reason: expect.stringContaining(says) });
  expect(JSON.stringify(result)).not.toContain('a secret');
});

test('a name without addresses has failed, and so has what is no URL', async () => {
  expect(await post('https://empty.example/', { resolve: async () => [] })).toMatchObject({
    kind: 'failed',
    reason: 'empty.example has no address (ENOTFOUND)',
  });
  expect(await post('no url')).toMatchObject({ kind: 'failed' });
});

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await portOfServer(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function portOfServer(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
