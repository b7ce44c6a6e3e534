import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { callProvider, type CallResult, type ProviderCall } from './call-provider.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { listenOnLoopback } from './testing/listen-on-loopback.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => void handler(request, response));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listenOnLoopback(server);
}

async function serveRaw(answer: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  cleanups.push(() => server.close());
  return listenOnLoopback(server);
}

function call(url: string, options: Partial<ProviderCall> = {}): Promise<CallResult> {
  const dispatcher = createDispatcher({ connections: 4, connectTimeoutMs: 500 });
  cleanups.push(() => dispatcher.destroy());
  return callProvider({
    url,
    headers: { authorization: 'Bearer sk-secret' },
    body: Buffer.from('{"secret prompt":1}'),
    timeoutMs: 5000,
    signal: new AbortController().signal,
    dispatcher,
    ...options,
  });
}

function faultFrom(result: CallResult): Extract<CallResult, { kind: 'fault' }> {
  if (result.kind !== 'fault') throw new Error(`Expected a fault, got: ${result.kind}.`);
  return result;
}

test('the body arrives byte for byte and the answer comes back byte for byte', async () => {
  const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
  let seen: { method: string | undefined; url: string | undefined; type: unknown } | undefined;
  const url = await serve(async (request, response) => {
    seen = { method: request.method, url: request.url, type: request.headers['content-type'] };
    const received = await buffer(request);
    response.writeHead(429, { 'Retry-After': '7', 'X-Many': ['a', 'b'] }).end(received);
  });
  const result = await call(`${url}/v1/messages?beta=true`, { body });
  expect(result).toMatchObject({
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '7', 'x-many': 'a, b' },
  });
  expect(result.kind === 'answer' && result.body.equals(body)).toBe(true);
  expect(seen).toEqual({
    method: 'POST',
    url: '/v1/messages?beta=true',
    type: 'application/json',
  });
});

test('a server that never answers is a timeout, after which its connection is closed', async () => {
  const closed = Promise.withResolvers<undefined>();
  const url = await serve((request) => {
    request.socket.once('close', () => closed.resolve(undefined));
  });
  const fault = faultFrom(await call(url, { timeoutMs: 80 }));
  expect(fault).toMatchObject({ fault: 'timeout', maybeSent: true });
  expect(fault.durationMs).toBeGreaterThanOrEqual(79);
  expect(fault.durationMs).toBeLessThan(2000);
  await closed.promise;
});

test('the timeout holds for a body that trickles without end, too', async () => {
  const url = await serve((_request, response) => {
    const timer = setInterval(() => response.write(' '), 10);
    response.once('close', () => clearInterval(timer));
  });
  expect(faultFrom(await call(url, { timeoutMs: 100 }))).toMatchObject({
    fault: 'timeout',
    status: 200,
  });
});

test('a refused connection is a connect fault of which nothing was sent', async () => {
  const server = createServer();
  const origin = await listenOnLoopback(server);
  server.close();
  await once(server, 'close');
  const fault = faultFrom(await call(`${origin}/v1`));
  expect(fault).toMatchObject({ fault: 'connect', maybeSent: false });
  expect(fault.message).toContain('ECONNREFUSED');
});

test('a name that does not resolve is a connect fault', async () => {
  expect(faultFrom(await call('http://no-such-host.invalid/v1'))).toMatchObject({
    fault: 'connect',
    maybeSent: false,
  });
});

test('a server that closes before it answers is a reset that may have been sent', async () => {
  const url = await serve((request) => request.socket.destroy());
  expect(faultFrom(await call(url))).toMatchObject({ fault: 'reset', maybeSent: true });
});

test('half a body is a truncated answer, with a length or in chunks', async () => {
  const withLength = await serveRaw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":"half');
  expect(faultFrom(await call(withLength))).toMatchObject({
    fault: 'truncated_answer',
    status: 200,
  });
  const chunked = await serveRaw(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n',
  );
  expect(faultFrom(await call(chunked))).toMatchObject({ fault: 'truncated_answer', status: 200 });
});

test('an answer that is no HTTP is invalid', async () => {
  const url = await serveRaw('SSH-2.0-OpenSSH_9.6\r\n\r\n');
  expect(faultFrom(await call(url))).toMatchObject({ fault: 'invalid_answer', maybeSent: true });
});

test('an answer beyond the cap is refused and its connection closed', async () => {
  const closed = Promise.withResolvers<undefined>();
  const url = await serve((request, response) => {
    request.socket.once('close', () => closed.resolve(undefined));
    response.end(Buffer.alloc(200_000));
  });
  const fault = faultFrom(await call(url, { maxAnswerBytes: 100_000 }));
  expect(fault).toMatchObject({ fault: 'answer_too_large', status: 200 });
  await closed.promise;
});

test('an answer of 10 MB below the cap comes whole', async () => {
  const url = await serve((_request, response) => {
    response.end(Buffer.alloc(10_000_000, 'x'));
  });
  const result = await call(url);
  expect(result.kind === 'answer' && result.body.length).toBe(10_000_000);
});

test('a redirect is a fault that keeps its status and is not followed', async () => {
  const paths: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  expect(faultFrom(await call(`${url}/v1`))).toMatchObject({ fault: 'redirect', status: 307 });
  expect(paths).toEqual(['/v1']);
});

test('an abort ends the call at once and closes the connection at the provider', async () => {
  const closed = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  const url = await serve((request) => {
    request.socket.once('close', () => closed.resolve(undefined));
    arrived.resolve(undefined);
  });
  const controller = new AbortController();
  const result = call(url, { signal: controller.signal });
  await arrived.promise;
  controller.abort();
  expect(await result).toMatchObject({ kind: 'aborted', maybeSent: true });
  await closed.promise;
});

test('a call aborted before it began reaches nobody', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests++;
    response.end();
  });
  expect(await call(url, { signal: AbortSignal.abort() })).toMatchObject({
    kind: 'aborted',
    maybeSent: false,
  });
  expect(requests).toBe(0);
});

test('a call that waits for a free connection and is aborted is never sent', async () => {
  const bodies: string[] = [];
  const first = Promise.withResolvers<ServerResponse>();
  const url = await serve(async (request, response) => {
    bodies.push(await text(request));
    first.resolve(response);
    if (bodies.length > 1) response.end();
  });
  const dispatcher = createDispatcher({ connections: 1 });
  cleanups.push(() => dispatcher.destroy());
  const controller = new AbortController();
  const running = call(url, { dispatcher, body: Buffer.from('1') });
  const response = await first.promise;
  const waiting = call(url, { dispatcher, body: Buffer.from('2'), signal: controller.signal });
  controller.abort();
  expect(await waiting).toMatchObject({ kind: 'aborted', maybeSent: false });
  response.end();
  expect((await running).kind).toBe('answer');
  expect((await call(url, { dispatcher, body: Buffer.from('3') })).kind).toBe('answer');
  expect(bodies).toEqual(['1', '3']);
});

test('a header that cannot be sent is a fault, and no message quotes what was sent', async () => {
  const url = await serve((_request, response) => response.end('{}'));
  const faults = [
    faultFrom(await call(url, { headers: { authorization: 'Bearer sk-secret\nx' } })),
    faultFrom(await call('not a url')),
    faultFrom(await call('http://127.0.0.1:1/sk-secret')),
  ];
  expect(faults.map(({ fault }) => fault)).toEqual(['not_sent', 'not_sent', 'connect']);
  expect(faults.every(({ maybeSent }) => !maybeSent)).toBe(true);
  for (const { message } of faults) expect(message).not.toContain('secret');
});

test('calls one after the other share a connection', async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end('{}');
  });
  const dispatcher = createDispatcher({ connections: 1 });
  cleanups.push(() => dispatcher.destroy());
  for (let count = 0; count < 3; count++) await call(url, { dispatcher });
  expect(ports.size).toBe(1);
});
