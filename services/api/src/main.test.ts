import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { compileCache } from '../../../test/support/compile-cache.ts';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { mortalRedis } from './testing/mortal-redis.ts';

const KEY = 'a-key-for-tests-only';
const readySchema = z.object({ ready: z.literal(true), url: z.string() });
const CONFIGURATION = 'providers: { main: { kind: openai, apiKey: "${NOT_SET}" } }\n';

/** The real process; `ready` resolves with its address, or undefined when it ended before. */
function startProcess(variables: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-api-'));
  const configuration = join(folder, 'understudy.yaml');
  writeFileSync(configuration, CONFIGURATION);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      PORT: '0',
      REDIS_URL: testRedisUrl(),
      UNDERSTUDY_KEY_PREFIX: uniqueKeyPrefix(),
      UNDERSTUDY_CONFIG: configuration,
      ...variables,
    },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  const ready = Promise.race([
    once(child, 'message').then(([message]) => readySchema.parse(message).url),
    ended.then(() => undefined),
  ]);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  return { child, ready, ended, output: () => output };
}

test.each([
  ['without a key', {}, 'set UNDERSTUDY_API_KEY'],
  ['with a short key', { UNDERSTUDY_API_KEY: 'short' }, 'at least 16 characters'],
  [
    'with a short pepper',
    { UNDERSTUDY_API_KEY: KEY, UNDERSTUDY_KEY_PEPPER: 'short' },
    'at least 32 characters',
  ],
  ['with a wrong port', { UNDERSTUDY_API_KEY: KEY, PORT: '99999' }, 'PORT'],
  ['with a host that is not here', { UNDERSTUDY_API_KEY: KEY, HOST: '192.0.2.1' }, 'set HOST'],
  [
    'with a missing file',
    { UNDERSTUDY_API_KEY: KEY, UNDERSTUDY_CONFIG: '/nowhere.yaml' },
    '/nowhere',
  ],
])(
  '%s it does not start, says why and ends with 1',
  async (_name, variables, said) => {
    const { ended, output } = startProcess(variables);
    expect(await ended).toBe(1);
    expect(output()).toContain(said);
    expect(output()).not.toContain('"short"');
  },
  20_000,
);

test('a busy port is named, with the remedy', async () => {
  const first = startProcess({ UNDERSTUDY_API_KEY: KEY });
  const { port } = new URL((await first.ready) ?? '');
  const second = startProcess({ UNDERSTUDY_API_KEY: KEY, PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`port ${port} on 127.0.0.1 is in use`);
  expect(second.output()).toContain('set PORT to another');
}, 20_000);

test('it starts without credentials of any provider and ends with 0 when told to', async () => {
  const { child, ready, ended, output } = startProcess({ UNDERSTUDY_API_KEY: KEY });
  const url = (await ready) ?? '';
  const list = async () => {
    const response = await fetch(`${url}/v1/providers`, { headers: { 'x-api-key': KEY } });
    expect([200, 503]).toContain(response.status);
    return response.json();
  };
  const listed = { data: [{ id: 'main', registered: false }] };
  await expect.poll(list, { timeout: 5000 }).toMatchObject(listed);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toContain(`listening on ${url}`);
  expect(output()).not.toContain(KEY);
}, 20_000);

test('without Redis it runs, says that it is not ready, and recovers by itself', async () => {
  const redis = await mortalRedis();
  const { ready } = startProcess({ UNDERSTUDY_API_KEY: KEY, REDIS_URL: redis.url });
  const api = (await ready) ?? '';
  expect((await fetch(`${api}/healthz`)).status).toBe(200);
  const missing = async () =>
    z.object({ missing: z.array(z.string()) }).parse(await (await fetch(`${api}/readyz`)).json())
      .missing;
  expect(await missing()).toContain('Redis does not answer');
  await redis.start();
  await expect.poll(missing, { timeout: 10_000 }).toEqual(['no worker serves the provider main']);
}, 30_000);

test('without Redis and without a key it runs, and ends once Redis is there and knows of none', async () => {
  const redis = await mortalRedis();
  const { ready, ended, output } = startProcess({ REDIS_URL: redis.url });
  const api = (await ready) ?? '';
  expect((await fetch(`${api}/healthz`)).status).toBe(200);
  expect((await fetch(`${api}/readyz`)).status).toBe(503);
  await redis.start();
  expect(await ended).toBe(1);
  expect(output()).toContain('there is no API key, so nobody could call; set UNDERSTUDY_API_KEY');
}, 30_000);
