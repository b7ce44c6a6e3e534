import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBroker } from '../support/start-broker.ts';
import type { Broker } from '../support/start-broker.ts';
import { sendRaw } from './raw-client.ts';
import type { RawAnswer } from './raw-client.ts';
import { securitySize } from './security-size.ts';

const MUTATIONS = securitySize({ short: 2000, full: 100_000 });
const TIMEOUT_MS = securitySize({ short: 120_000, full: 3_600_000 });
const PATIENCE_MS = 5000;
let broker: Broker;

beforeAll(async () => {
  broker = await startBroker({ kinds: [], configuration: 'autoRoutes: true' });
});
afterAll(() => broker.stop());

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  );

/** With the key as its first header. */
function request(line: string, ...rest: (string | number[])[]): Buffer {
  return bytes(`${line}\r\nHost: localhost\r\nX-Api-Key: ${broker.apiKey}\r\n`, ...rest);
}

function send(parts: Buffer[], half = false): Promise<RawAnswer> {
  return sendRaw(broker.url, { parts, patienceMs: PATIENCE_MS, half });
}

async function expectAlive(): Promise<void> {
  expect((await broker.request('/v1/jobs')).status).toBe(200);
}

const JSON_TYPE = 'Content-Type: application/json\r\n';
const POST = 'POST /v1/jobs HTTP/1.1';
const GET = 'GET /v1/jobs HTTP/1.1';
const CLOSE = 'Connection: close\r\n\r\n';
/** What a body smuggles where two readers of the connection disagree on its end. */
const HIDDEN = 'DELETE /v1/admin/keys/key_00000000000000000000000000 HTTP/1.1\r\nHost: x\r\n\r\n';

test.each<[string, () => Buffer, number[]]>([
  [
    'Content-Length beside Transfer-Encoding',
    () =>
      request(
        POST,
        JSON_TYPE,
        'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        HIDDEN,
      ),
    [400],
  ],
  [
    'Transfer-Encoding beside Content-Length',
    () =>
      request(
        POST,
        JSON_TYPE,
        'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
        HIDDEN,
      ),
    [400],
  ],
  [
    'two lengths that differ',
    () => request(POST, JSON_TYPE, 'Content-Length: 2\r\nContent-Length: 90\r\n\r\n{}', HIDDEN),
    [400],
  ],
  ['a list of lengths', () => request(POST, JSON_TYPE, 'Content-Length: 2, 2\r\n\r\n{}'), [400]],
  ['a length with a sign', () => request(POST, JSON_TYPE, 'Content-Length: +2\r\n\r\n{}'), [400]],
  ['a negative length', () => request(POST, JSON_TYPE, 'Content-Length: -2\r\n\r\n{}'), [400]],
  [
    'a length beyond all numbers',
    () => request(POST, JSON_TYPE, `Content-Length: ${'9'.repeat(40)}\r\n\r\n{}`),
    [400],
  ],
  [
    'a length beyond the limit, before its body',
    () => request(POST, JSON_TYPE, 'Content-Length: 999999999999\r\n\r\n{}'),
    [413],
  ],
  [
    'chunked that is not the last coding',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'),
    [400],
  ],
  [
    'a coding that only looks like chunked',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'),
    [400, 501],
  ],
  [
    'chunked twice',
    () =>
      request(
        POST,
        JSON_TYPE,
        'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
      ),
    [400],
  ],
  [
    'a chunk size beyond all memory',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n'),
    [400],
  ],
  [
    'a chunk size that is no number',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n'),
    [400],
  ],
  [
    'a chunk that is longer than it says',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n'),
    [400],
  ],
  [
    'a chunk extension without an end',
    () =>
      request(
        POST,
        JSON_TYPE,
        `Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(40_000)}\r\n{}\r\n`,
      ),
    [400, 413],
  ],
  [
    'bare line feeds in a chunked body',
    () => request(POST, JSON_TYPE, 'Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n'),
    [400],
  ],
  ['lines that end in bare line feeds', () => bytes('GET /v1/jobs HTTP/1.1\nHost: x\n\n'), [400]],
  ['a bare carriage return', () => bytes('GET /v1/jobs HTTP/1.1\rHost: x\r\r'), [400]],
  ['no Host', () => bytes('GET /v1/jobs HTTP/1.1\r\n\r\n'), [400]],
  ['two Hosts', () => request(GET, 'Host: elsewhere\r\n', CLOSE), [400]],
  ['a version that is not there', () => bytes('GET / HTTP/9.9\r\nHost: x\r\n\r\n'), [400]],
  // As HTTP/0.9 had it: Node reads the line.
  ['no version', () => bytes('GET /v1/jobs\r\n\r\n'), [400, 401]],
  ['a preface of HTTP/2', () => bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), [400]],
  ['a greeting of TLS', () => bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], '\r\n\r\n'), [400]],
  ['commands of Redis', () => bytes('*1\r\n$8\r\nFLUSHALL\r\n'), [400]],
  ['a space in the target', () => request('GET /v1/jobs x HTTP/1.1', CLOSE), [400]],
  ['a NUL in the target', () => request('GET /v1/jobs\0 HTTP/1.1', CLOSE), [400]],
  [
    'a target longer than headers may be',
    () => request(`GET /${'a'.repeat(20_000)} HTTP/1.1`, CLOSE),
    [431],
  ],
  ['a header without a colon', () => request(GET, 'nonsense\r\n', CLOSE), [400]],
  ['a header without a name', () => request(GET, ': x\r\n', CLOSE), [400]],
  ['a header of 40 kB', () => request(GET, `X-Long: ${'a'.repeat(40_000)}\r\n`, CLOSE), [431]],
  ['more headers than anybody sends', () => request(GET, 'a:\r\n'.repeat(1500), CLOSE), [431]],
  ['an expectation of nobody', () => request(GET, 'Expect: the-unexpected\r\n', CLOSE), [417]],
  ['a method in small letters', () => request('get /v1/jobs HTTP/1.1', CLOSE), [400]],
  ['a method that is not there', () => request('GRAB /v1/jobs HTTP/1.1', CLOSE), [400]],
])('%s is refused, and what is hidden behind is not read', async (_name, made, statuses) => {
  const { status, text, abandoned } = await send([made()]);
  expect({ status, abandoned }).toEqual({ status: expect.toBeOneOf(statuses), abandoned: false });
  expect(text.split('HTTP/1.1 ')).toHaveLength(2);
  expect(text).not.toContain(broker.apiKey);
  await expectAlive();
});

test.each<[string, () => Buffer]>([
  [
    'CONNECT',
    () => bytes('CONNECT 127.0.0.1:6379 HTTP/1.1\r\nHost: 127.0.0.1:6379\r\n\r\nPING\r\n'),
  ],
  ['an empty line', () => bytes('\r\n')],
  ['nothing', () => bytes()],
])('%s leads nowhere', async (_name, made) => {
  const { text, abandoned } = await send([made()], true);
  expect({ text, abandoned }).toEqual({
    text: expect.not.stringContaining('HTTP/1.1 2'),
    abandoned: false,
  });
  await expectAlive();
});

test('a target that names another host is no way there', async () => {
  const { status } = await send([request('GET http://127.0.0.1:6379/v1/jobs HTTP/1.1', CLOSE)]);
  expect(status).toBeOneOf([200, 400, 404]);
  await expectAlive();
});

test.each(['websocket', 'h2c'])('no connection is upgraded to %s', async (protocol) => {
  const headers = `Connection: Upgrade, close\r\nUpgrade: ${protocol}\r\n\r\n`;
  const { status } = await send([request(GET, headers)]);
  expect(status).toBe(200);
});

function oneHundred<Item>(...items: Item[]): Item[] {
  return Array.from({ length: 100 }, () => items).flat();
}

test('two hundred requests on one connection are answered in order', async () => {
  const one = request('GET /v1/jobs?limit=1 HTTP/1.1', '\r\n');
  const other = request('GET /v1/nowhere HTTP/1.1', '\r\n');
  const last = request(GET, CLOSE);
  const { text } = await send([Buffer.concat([...oneHundred(one, other), last])]);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
  expect(statuses).toEqual([...oneHundred('200', '404'), '200']);
});

test('a request in the body of another stays a body', async () => {
  const body = `GET /v1/admin/keys HTTP/1.1\r\nX-Api-Key: ${broker.apiKey}\r\n\r\n`;
  const length = `Content-Length: ${body.length}\r\n`;
  const { text } = await send([request('GET /v1/jobs HTTP/1.1', length, CLOSE, body)]);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
});

test('a body that ends too early makes nothing', async () => {
  const job = '{"endpoint":"/v1/chat/completions","body":{"model":"x"}}';
  const parts = [request(POST, JSON_TYPE, `Content-Length: ${job.length + 1}\r\n\r\n`, job)];
  const { status } = await send(parts, true);
  expect(status).toBeOneOf([undefined, 400]);
  const listed = (await (await broker.request('/v1/jobs')).json()) as { data: unknown[] };
  expect(listed.data).toEqual([]);
});

test('whatever bytes are changed, the API answers or closes', { timeout: TIMEOUT_MS }, async () => {
  const body = '2\r\n{"\r\n8;x=y\r\na":"\\u00e\r\n4\r\n9"}\r\n\r\n0\r\nTrailer: x\r\n\r\n';
  const whole = request(
    POST,
    JSON_TYPE,
    'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
    body,
  );
  const change = fc.record({
    at: fc.nat(whole.length - 1),
    drop: fc.nat(4),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom('\r\n', '\n', '\0', ': ', 'HTTP/1.1', '\r\n\r\n', '\t')
        .map((text) => bytes(text)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const changed = changes.reduce(
        (sent, { at, drop, insert }) =>
          Buffer.concat([sent.subarray(0, at), insert, sent.subarray(at + drop)]),
        whole,
      );
      // Its end tells the server that no more comes, where it still waits for the rest.
      const { status = 0, abandoned } = await send([changed], true);
      expect({ status, abandoned }).toEqual({
        status: expect.toSatisfy(isNoFault),
        abandoned: false,
      });
    }),
    { numRuns: MUTATIONS, endOnFailure: true },
  );
  await expectAlive();
});

function isNoFault(status: number): boolean {
  return status < 500;
}
