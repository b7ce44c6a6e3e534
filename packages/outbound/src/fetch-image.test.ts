import type { RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { fetchImage, type FetchedImage } from './fetch-image.ts';
import { createGuardedDispatcher } from './guarded-dispatcher.ts';
import { imageType } from './image-type.ts';
import { HOSTILE_URLS } from './testing/hostile-urls.ts';
import { startWatchedServer, TEST_AUTHORITY, watchConnects } from './testing/watched-server.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkqP9fDwAChgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const SILENT: RequestListener = () => undefined;

interface Given {
  allow?: readonly string[];
  resolve?: (host: string) => Promise<readonly string[]>;
  maxBytes?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
}

function get(url: string, given: Given = {}): Promise<FetchedImage> {
  const policy = { allow: given.allow ?? ['127.0.0.0/8'] };
  const dispatcher = createGuardedDispatcher(policy, {
    certificateAuthorities: TEST_AUTHORITY,
    connectTimeoutMs: 2_000,
    resolve: given.resolve ?? (() => Promise.resolve(['127.0.0.1'])),
  });
  onTestFinished(() => dispatcher.destroy());
  const { maxBytes = 1_000, timeoutMs = 5_000, signal = new AbortController().signal } = given;
  return fetchImage({ url, policy, dispatcher, maxBytes, timeoutMs, signal });
}

const giving =
  (body: Buffer, headers: Record<string, string> = { 'content-type': 'image/png' }, status = 200) =>
  (...[, response]: Parameters<RequestListener>) =>
    void response.writeHead(status, headers).end(body);

async function getFrom(listener: RequestListener, given?: Given): Promise<FetchedImage> {
  const { port } = await startWatchedServer(listener);
  return get(`http://127.0.0.1:${port}/secret-path.png?key=secret`, given);
}

test('an image comes as its bytes, with the type that they tell', async () => {
  const seen: unknown[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({ method: request.method, url: request.url, accept: request.headers.accept });
    giving(PNG, { 'content-type': 'image/jpeg; charset=binary' })(request, response);
  };
  expect(await getFrom(listener)).toEqual({ ok: true, mediaType: 'image/png', bytes: PNG });
  expect(seen).toEqual([{ method: 'GET', url: '/secret-path.png?key=secret', accept: 'image/*' }]);
});

test('an image behind https comes from a name whose certificate holds', async () => {
  const { port } = await startWatchedServer(giving(PNG), 'https');
  expect(await get(`https://hooks.example:${port}/a.png`)).toMatchObject({ ok: true });
  expect(await get(`https://other.example:${port}/a.png`)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('certificate for another name'),
  });
});

test.each<[string, RequestListener, string]>([
  ['an error', giving(PNG, {}, 404), 'status 404'],
  ['nothing', giving(Buffer.alloc(0), { 'content-type': 'image/png' }, 204), 'status 204'],
  ['a page', giving(PNG, { 'content-type': 'text/html' }), 'no JPEG, PNG, GIF or WebP'],
  ['no type at all', giving(PNG, {}), 'no JPEG, PNG, GIF or WebP'],
  [
    'what merely calls itself an image',
    giving(Buffer.from('root:x:0:0'), { 'content-type': 'image/png' }),
    'no JPEG, PNG, GIF or WebP',
  ],
  [
    'a drawing',
    giving(Buffer.from('<svg xmlns=""/>'), { 'content-type': 'image/svg+xml' }),
    'no JPEG, PNG, GIF or WebP',
  ],
  ['too much', giving(Buffer.concat([PNG, Buffer.alloc(1_000)])), 'more than 1000 bytes'],
  [
    'half of it',
    (_, response) =>
      void response.writeHead(200, { 'content-length': 99 }).write('x', () => response.destroy()),
    'could not be fetched',
  ],
])('%s is no image, and neither host nor path is told', async (_what, listener, says) => {
  const image = await getFrom(listener);
  expect(image).toEqual({ ok: false, reason: expect.stringContaining(says) });
  expect(JSON.stringify(image)).not.toMatch(/secret|127\.0\.0\.1/);
});

test('an endless image is cut off at the cap', async () => {
  const closed = Promise.withResolvers<void>();
  const image = await getFrom((_, response) => {
    const more = () => void response.write(Buffer.alloc(64 * 1024));
    response.writeHead(200, { 'content-type': 'image/png' });
    response.on('drain', more).once('close', closed.resolve);
    more();
  });
  expect(image).toMatchObject({ ok: false, reason: 'has more than 1000 bytes' });
  await closed.promise;
});

test('a host that does not answer is given up in time, and when the call ends', async () => {
  expect(await getFrom(SILENT, { timeoutMs: 200 })).toMatchObject({
    reason: expect.stringContaining('no complete answer within 200 ms'),
  });
  const ending = new AbortController();
  const abort: RequestListener = () => ending.abort();
  expect(await getFrom(abort, { signal: ending.signal })).toMatchObject({ ok: false });
});

test('a redirect is followed, and so is a relative one', async () => {
  const image = await getFrom((request, response) => {
    if (request.url === '/a/cat.png') giving(PNG)(request, response);
    else response.writeHead(302, { location: '/a/x/../cat.png#part' }).end();
  });
  expect(image).toMatchObject({ ok: true });
});

test('redirects without end are not', async () => {
  let asked = 0;
  const image = await getFrom((_, response) => {
    asked += 1;
    response.writeHead(307, { location: `/${asked}.png` }).end();
  });
  expect({ image, asked }).toEqual({
    image: { ok: false, reason: 'is behind more than 3 redirects' },
    asked: 4,
  });
});

test('a redirect into a network that is not permitted reaches nobody there', async () => {
  const inside = await startWatchedServer(giving(PNG));
  const { port } = await startWatchedServer((_, response) => {
    const location = `http://localhost:${inside.port}/metadata.png`;
    response.writeHead(302, { location }).end();
  });
  const image = await get(`http://127.0.0.1:${port}/a.png`, { allow: [`127.0.0.1:${port}`] });
  expect(image).toMatchObject({ ok: false, reason: expect.stringContaining('was not fetched') });
  expect(inside.accepted()).toBe(0);
});

test('no hostile URL is fetched from anywhere', async () => {
  const { port, accepted } = await startWatchedServer(giving(PNG));
  const connects = watchConnects();
  for (const { url } of HOSTILE_URLS) {
    const address = url.replace('PORT', `${port}`);
    const resolve = async () => (address.includes('public.example') ? ['8.8.8.8'] : []);
    expect(await get(address, { allow: [], resolve })).toMatchObject({ ok: false });
  }
  expect({ connects: connects.count(), accepted: accepted() }).toEqual({
    connects: 0,
    accepted: 0,
  });
});

test('plain http is fetched only where an operator allowed the place', async () => {
  const { port, accepted } = await startWatchedServer(giving(PNG));
  const image = await get(`http://images.example:${port}/a.png`, {
    allow: [],
    resolve: async () => ['93.184.216.34'],
  });
  expect(image).toMatchObject({ ok: false, reason: expect.stringContaining('use https') });
  expect(JSON.stringify(image)).not.toContain('images.example');
  expect(accepted()).toBe(0);
});

test.each([
  ['ffd8ffe000104a464946', 'image/jpeg'],
  ['474946383961', 'image/gif'],
  ['52494646001122335745425056503820', 'image/webp'],
  ['89504e470d0a1a0a', 'image/png'],
  ['524946460011223357415645', undefined],
  ['', undefined],
])('bytes that begin with %s are %s', (hex, type) => {
  expect(imageType(Buffer.from(hex, 'hex'))).toBe(type);
});
