import { expect, test } from 'vitest';
import { sendJson, sendProblem, startServer } from './testing/start-server.ts';
import type { ServedRequest } from './testing/start-server.ts';
import { Understudy } from './understudy.ts';

const FILE = { id: 'file-1', object: 'file', bytes: 9 };
const CONTENT = '{"ä": 1}\n';

/** Takes a file at the second try. */
async function busyServer() {
  const server = await startServer((number, _request, response) => {
    if (number === 0) sendProblem(response, 503, 'unavailable', { 'retry-after': '0' });
    else sendJson(response, 200, FILE);
  });
  return { ...server, client: new Understudy({ baseUrl: server.url, apiKey: 'a-key' }) };
}

const streamOf = (text: string) => new Response(text).body ?? expect.fail();

/** Name → headers and value of each part, in order. */
async function partsOf({ body, headers }: ServedRequest) {
  const type = { 'content-type': headers['content-type'] ?? '' };
  const form = await new Response(body, { headers: type }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.name, await value.text()],
    ),
  );
}

test.each([
  ['a Blob', () => new Blob([CONTENT])],
  ['what opens a stream', () => () => streamOf(CONTENT)],
])(
  '%s is uploaded before its purpose, again from its start when the broker is busy',
  async (...row) => {
    const { client, requests } = await busyServer();
    const content = row[1]();
    const options = { filename: 'a "b".jsonl', expiresAfterSeconds: 7200 };
    expect(await client.files.upload(content, options)).toEqual(FILE);
    expect(requests).toHaveLength(2);
    for (const request of requests) {
      expect([request.method, request.path]).toEqual(['POST', '/v1/files']);
      expect(await partsOf(request)).toEqual([
        ['file', 'a "b".jsonl', CONTENT],
        ['purpose', 'batch'],
        ['expires_after[anchor]', 'created_at'],
        ['expires_after[seconds]', '7200'],
      ]);
    }
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
  },
);

test('a stream, which can be read once only, is sent once only', async () => {
  const { client, requests } = await busyServer();
  await expect(
    client.files.upload(streamOf(CONTENT), { filename: 'a.jsonl' }),
  ).rejects.toMatchObject({ status: 503 });
  expect(requests).toHaveLength(1);
});

test('the content of a file comes as it is made', async () => {
  const server = await startServer((_number, _request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    // It never ends: nobody may wait for all of it.
    response.write(CONTENT);
  });
  const client = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const { body } = await client.files.content('file-1');
  const { value } = (await body?.getReader().read()) ?? {};
  expect(new TextDecoder().decode(value)).toBe(CONTENT);
  expect(server.requests[0]?.path).toBe('/v1/files/file-1/content');
});

/** Gives the bytes of `text` that are asked for, or all of them where it knows no ranges. */
async function contentServer(text: string, knowsRanges: boolean) {
  const server = await startServer((_number, { headers }, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    if (start === 0 || !knowsRanges) response.writeHead(200).end(text);
    else if (start >= text.length) response.writeHead(416).end();
    else {
      const range = `bytes ${start}-${text.length - 1}/*`;
      response.writeHead(206, { 'content-range': range }).end(text.slice(start));
    }
  });
  return { ...server, client: new Understudy({ baseUrl: server.url, apiKey: 'a-key' }) };
}

test.each([
  ['gives parts of a file', true],
  ['gives files whole', false],
])('of a broker that %s one has what stands from a byte on', async (_name, knowsRanges) => {
  const { client } = await contentServer('0123456789', knowsRanges);
  const from = async (start: number) => (await client.files.content('file-1', { start })).text();
  expect(await from(0)).toBe('0123456789');
  expect(await from(4)).toBe('456789');
  expect(await from(10)).toBe('');
});

test('only what is wanted of a file is sent', async () => {
  const { client } = await contentServer('0123456789', true);
  const { status, headers } = await client.files.content('file-1', { start: 4 });
  expect([status, headers.get('content-length'), headers.get('content-range')]).toEqual([
    206,
    null,
    'bytes 4-9/*',
  ]);
  expect((await client.files.content('file-1', { start: 10 })).body).toBeNull();
});
