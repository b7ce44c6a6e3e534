import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sendLines } from '../testing/send-lines.ts';
import { API_KEY, chatJob, startTestApi } from '../testing/start-test-api.ts';

test.each(['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'unheard-of'])(
  'a body compressed with %s is refused before it is read, and the client told why',
  async (coding) => {
    const api = await startTestApi();
    for (const path of ['/v1/jobs', '/v1/files', '/anthropic/v1/messages/batches']) {
      const response = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: {
          'x-api-key': API_KEY,
          'content-type': 'application/json',
          'content-encoding': coding,
        },
        body: gzipSync(JSON.stringify(chatJob())),
      });
      expect([path, response.status]).toEqual([path, 415]);
      expect(response.headers.get('accept-encoding')).toBe('identity');
      expect(await response.text()).toContain('without Content-Encoding');
    }
  },
);

test('a body that is not compressed may say so', async () => {
  const api = await startTestApi();
  const headers = { 'content-encoding': 'identity' };
  expect((await api.call('/v1/jobs', { method: 'POST', body: chatJob(), headers })).status).toBe(
    202,
  );
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `X-${index}: 1`);
}

test('two hundred headers are taken, and one more is not', async () => {
  const api = await startTestApi();
  const key = `X-Api-Key: ${API_KEY}`;
  // Beside these: the key, Host and Connection.
  const asked = 'GET /v1/jobs HTTP/1.1';
  expect((await sendLines(api.url, [asked, key, ...numbered(197)])).status).toBe(200);
  const refused = await sendLines(api.url, [asked, key, ...numbered(198)]);
  expect(refused.status).toBe(431);
  expect(refused.text).toContain('"code":"headers_too_large"');
});

test.each([
  ['Host: elsewhere'],
  [`Authorization: Bearer ${API_KEY}`, 'Authorization: Bearer another-key'],
  ['Content-Type: application/json', 'content-type: text/plain'],
])('a request that has %s more than once is refused', async (...headers) => {
  const api = await startTestApi();
  const key = headers[0].startsWith('Authorization') ? [] : [`X-Api-Key: ${API_KEY}`];
  const { status, text } = await sendLines(api.url, ['GET /v1/jobs HTTP/1.1', ...key, ...headers]);
  expect(status).toBe(400);
  expect(text).toContain('twice');
});
