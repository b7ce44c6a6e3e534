import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { readApiEnvironment } from './read-environment.ts';
import { startApi } from './start-api.ts';
import { API_KEY, startTestApi } from './testing/start-test-api.ts';

test.each([
  ['/v1/jobs', /"code":"unavailable"/, 'application/problem+json'],
  [
    '/v1/models',
    /"error":{"message":"this API is stopping; ask again"/,
    'application/problem+json',
  ],
  ['/anthropic/v1/models', /"type":"error".*"type":"(?:api|overloaded)_error"/, 'application/json'],
])(
  'one more request to %s, on a connection that was kept, is told that the API stops',
  async (path, body, contentType) => {
    const api = await startTestApi();
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${API_KEY}\r\n\r\n`;
    socket.write(request);
    await expect.poll(() => text).toMatch(/^HTTP\/1\.1 200 /);
    text = '';
    const closing = api.app.close();
    socket.write(request);
    await once(socket, 'close');
    await closing;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(text).toMatch(/\r\nconnection: close\r\n/i);
    expect(text).toMatch(/\r\nx-request-id: req_/i);
    expect(text).toContain(`content-type: ${contentType}`);
    expect(text).toMatch(body);
  },
);

test('a longer delay that is set while an API runs is for the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-stopping-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'understudy.yaml');
  writeFileSync(path, 'defaults: { drainDelay: 50ms }\n');
  const variables = {
    REDIS_URL: testRedisUrl(),
    UNDERSTUDY_KEY_PREFIX: uniqueKeyPrefix(),
    UNDERSTUDY_CONFIG: path,
    UNDERSTUDY_API_KEY: API_KEY,
    PORT: '0',
  };
  const lines: string[] = [];
  const logger = createLogger('api', 'info', { write: (line) => lines.push(line) });
  const api = await startApi(readApiEnvironment(variables), variables, logger);
  const { gracePeriodMs } = api;
  writeFileSync(path, 'defaults: { drainDelay: 1h }\n');
  await vi.waitFor(
    () => expect(lines.some((line) => line.includes('configuration is in use'))).toBe(true),
    10_000,
  );
  expect(api.gracePeriodMs).toBe(gracePeriodMs);
  const started = performance.now();
  await api.close();
  expect(performance.now() - started).toBeLessThan(5000);
});
