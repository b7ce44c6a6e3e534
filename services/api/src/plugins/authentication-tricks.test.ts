import { expect, test } from 'vitest';
import { issueKey } from '../testing/admin-calls.ts';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { sendLines } from '../testing/send-lines.ts';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

function send(api: TestApi, lines: (string | Buffer)[]) {
  return sendLines(api.url, lines);
}

const bytesOf = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))),
  );

const GET = 'GET /v1/jobs HTTP/1.1';

test('the raw client of these tests is answered when its key is good', async () => {
  const api = await startTestApi();
  expect((await send(api, [GET, `Authorization: Bearer ${API_KEY}`])).status).toBe(200);
  expect((await send(api, [GET, `aUTHORIZATION:   bEARER   ${API_KEY}  `])).status).toBe(200);
});

test.each<[string, (string | Buffer)[], number]>([
  ['a NUL in the key', [bytesOf('X-Api-Key: ', API_KEY, [0])], 400],
  ['a NUL before the key', [bytesOf('Authorization: Bearer ', [0], API_KEY)], 400],
  ['another control character', [bytesOf('X-Api-Key: ', [0x1b], API_KEY)], 400],
  ['a bare line feed', [bytesOf('X-Api-Key: x', [0x0a], 'X-Api-Key: ', API_KEY)], 400],
  ['a folded header', ['X-Api-Key:', ` ${API_KEY}`], 400],
  ['a space before the colon', [`X-Api-Key : ${API_KEY}`], 400],
  ['a key longer than headers may be', [`X-Api-Key: ${'A'.repeat(20_000)}`], 431],
])('%s is no request', async (_name, headers, status) => {
  const api = await startTestApi();
  const answer = await send(api, [GET, ...headers]);
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain(API_KEY);
});

test.each<[string, (string | Buffer)[]]>([
  ['a long key', [`Authorization: Bearer ${'A'.repeat(12_000)}`]],
  ['a long key that begins like ours', [`Authorization: Bearer us_${'A'.repeat(12_000)}`]],
  ['only the prefix of a key', ['X-Api-Key: us_']],
  ['an empty key', ['X-Api-Key: ']],
  ['an empty bearer', ['Authorization: Bearer ']],
  ['no scheme', [`Authorization: ${API_KEY}`]],
  ['two tokens', [`Authorization: Bearer ${API_KEY} ${API_KEY}`]],
  ['a key and something behind it', [`Authorization: Bearer ${API_KEY},`]],
  ['a quoted key', [`Authorization: Bearer "${API_KEY}"`]],
  ['UTF-8', [bytesOf('X-Api-Key: schlüssel-鍵-🔑-🔑-🔑')]],
  ['bytes that are no UTF-8', [bytesOf('Authorization: Bearer ', [0xff, 0xfe, 0xc3, 0x28])]],
  ['a pattern of Redis', ['X-Api-Key: *', 'X-Other: ?']],
  ['what ends a hash tag', ['X-Api-Key: }:key:{api-keys}:environment']],
  ['commands of Redis', ['X-Api-Key: x\\r\\nFLUSHALL\\r\\n']],
  ['a script', ["Authorization: Bearer ');redis.call('flushall')--"]],
  ['a number', ['X-Api-Key: 0']],
  ['a name of every object', ['X-Api-Key: __proto__']],
  ['another name of every object', ['Authorization: Bearer constructor']],
  ['two keys in one kind of header', ['X-Api-Key: wrong-key-of-somebody', `X-Api-Key: ${API_KEY}`]],
  ['a wrong bearer beside', ['Authorization: Bearer wrong-key', `X-Api-Key: ${API_KEY}`]],
  ['a header that is none of ours', [`Api-Key: ${API_KEY}`]],
  ['a cookie', [`Cookie: authorization=Bearer ${API_KEY}; x-api-key=${API_KEY}`]],
])('%s opens nothing, and leaves nothing behind', async (_name, headers) => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  // But for the queues, which note their version some time after the start.
  const contents = async (): Promise<string[]> =>
    (await redisContents(redis, keyPrefix))
      .split('\n')
      .filter((line) => !line.includes('queue:{'))
      .toSorted();
  const before = await contents();
  const answer = await send(api, [GET, ...headers]);
  expect([answer.status, answer.text.includes(API_KEY)]).toEqual([401, false]);
  expect(await contents()).toEqual(before);
  expect((await api.call('/v1/jobs')).status).toBe(200);
});

test('a key is taken from no query', async () => {
  const api = await startTestApi();
  for (const name of ['key', 'api_key', 'x-api-key', 'access_token', 'authorization']) {
    const answer = await send(api, [`GET /v1/jobs?${name}=${API_KEY} HTTP/1.1`]);
    expect([name, answer.status, answer.text.includes(API_KEY)]).toEqual([name, 401, false]);
  }
});

test.each([
  'GET //v1/jobs HTTP/1.1',
  'GET /v1/jobs/ HTTP/1.1',
  'GET /V1/JOBS HTTP/1.1',
  'GET /v1%2fjobs HTTP/1.1',
  'GET /v1/jobs%00 HTTP/1.1',
  'GET /v1/jobs;x=1 HTTP/1.1',
  'GET /healthz/../v1/jobs HTTP/1.1',
  'GET /docs/../v1/jobs HTTP/1.1',
  'GET /docs/%2e%2e/v1/jobs HTTP/1.1',
  'GET /docs/static/..%2f..%2fpackage.json HTTP/1.1',
  'GET /docs/static/..%5c..%5cpackage.json HTTP/1.1',
  'GET /docs/static/../../../package.json HTTP/1.1',
  'GET http://localhost/v1/jobs HTTP/1.1',
  'GET \\v1\\jobs HTTP/1.1',
  'HEAD /v1/jobs HTTP/1.1',
  'OPTIONS /v1/jobs HTTP/1.1',
  'TRACE /v1/jobs HTTP/1.1',
  'QUERY /v1/jobs HTTP/1.1',
])('%s is no way around the key', async (line) => {
  const api = await startTestApi();
  for (const headers of [
    [],
    ['X-Original-URL: /healthz', 'X-Rewrite-URL: /healthz'],
    ['X-HTTP-Method-Override: GET', 'X-Forwarded-For: 127.0.0.1'],
  ]) {
    const { status, text } = await send(api, [line, ...headers]);
    expect([400, 401, 404, 405]).toContain(status);
    expect(text).not.toContain('"object":"list"');
    expect(text).not.toContain('"dependencies"');
  }
});

test('a flood of keys that nobody made leaves the good ones in use, and Redis as it was', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, { scopes: ['read'] });
  expect((await api.call('/v1/jobs', { headers })).status).toBe(200);
  const { redis, keyPrefix } = api.dispatch;
  const names = async () => (await matchingKeys(redis, `${keyPrefix}:{api-keys}*`)).toSorted();
  const before = await names();
  const wrong = Array.from({ length: 2000 }, (_, index) => `wrong-key-number-${index}`);
  const found = await Promise.all(wrong.map((key) => api.parts.keys.find(key)));
  expect(found.filter((key) => key !== undefined)).toEqual([]);
  expect(await names()).toEqual(before);
  expect((await api.call('/v1/jobs', { headers })).status).toBe(200);
});
