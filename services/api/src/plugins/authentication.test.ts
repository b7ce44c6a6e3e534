import { expect, test } from 'vitest';
import { z } from 'zod';
import { PUBLIC_PATHS } from '../testing/public-paths.ts';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import { createApiKeys } from '../keys/api-keys.ts';
import { parseStoredKey } from '../keys/stored-key.ts';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';

const methodSchema = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Every route of the table, as `METHOD /path` lines of the router itself. */
function routeTable(printed: string): { method: z.infer<typeof methodSchema>; path: string }[] {
  const parents: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] =
      /^([│ ]*)(?:├──|└──) (\S*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4;
    const path = `${depth === 0 ? '' : parents[depth - 1]}${part}`;
    parents[depth] = path;
    return methods === ''
      ? []
      : methods.split(', ').map((method) => ({ method: methodSchema.parse(method), path }));
  });
}

test('every route that is not public answers 401 without a key', async () => {
  const { app } = await startTestApi();
  const table = routeTable(app.printRoutes({ commonPrefix: false }));
  const closed = table.filter(({ path }) => !PUBLIC_PATHS.test(path));
  expect(table.map(({ path }) => path)).toContain('/v1/jobs/:id/cancel');
  expect(closed.length).toBeGreaterThanOrEqual(11);
  for (const { method, path } of closed) {
    const response = await app.inject({ method, url: path });
    expect([method, path, response.statusCode]).toEqual([method, path, 401]);
  }
  for (const { method, path } of table.filter((route) => PUBLIC_PATHS.test(route.path))) {
    const response = await app.inject({
      method,
      url: path.replace(/static\/\*$|\*$/, 'static/swagger-ui.css'),
    });
    expect([path, response.statusCode === 401]).toEqual([path, false]);
  }
});

test('a route that says nothing of keys is closed, and so are unknown paths', async () => {
  const { parts } = await startTestApi();
  const { buildApp } = await import('../app.ts');
  const app = await buildApp(parts);
  app.get('/forgotten', async () => 'open');
  expect((await app.inject('/forgotten')).statusCode).toBe(401);
  expect((await app.inject('/nowhere')).statusCode).toBe(401);
  await app.close();
});

test.each([
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer not-the-right-key' }],
  ['another scheme', { authorization: `Basic ${API_KEY}` }],
  ['a key of ours that is damaged', { 'x-api-key': `us_${'A'.repeat(38)}` }],
])('%s is 401 with a problem and a challenge', async (_name, headers) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/v1/jobs`, { headers: headers as Record<string, string> });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } });
});

test.each([
  ['authorization', `Bearer ${API_KEY}`],
  ['x-api-key', API_KEY],
])('the key is taken from the header %s', async (name, value) => {
  const { url } = await startTestApi();
  const response = await fetch(`${url}/v1/models`, { headers: { [name]: value } });
  expect(response.status).toBe(200);
});

test('a new environment key takes the place of the one before, and none lies in Redis', async () => {
  const { dispatch, parts } = await startTestApi();
  const next = 'another-key-for-tests';
  await parts.keys.registerEnvironmentKey(next);
  expect(await parts.keys.find(API_KEY)).toBeUndefined();
  expect(await parts.keys.find(next)).toMatchObject({
    project: 'default',
    scopes: expect.arrayContaining(['admin']),
  });
  const stored = await matchingKeys(dispatch.redis, `${dispatch.keyPrefix}:{api-keys}*`);
  expect(stored.join()).not.toContain(next);
});

test('a key that was taken back opens nothing after a second', async () => {
  const { dispatch } = await startTestApi();
  let now = 0;
  const { redis, keyPrefix, logger } = dispatch;
  const clock = { now: () => now, monotonic: () => now };
  const keys = createApiKeys({ redis, keyPrefix, logger, clock });
  expect(await keys.find(API_KEY)).toBeDefined();
  const records = await matchingKeys(dispatch.redis, `${dispatch.keyPrefix}:{api-keys}:key:*`);
  await dispatch.redis.del(...records);
  expect(await keys.find(API_KEY)).toBeDefined();
  now = 1000;
  expect(await keys.find(API_KEY)).toBeUndefined();
});

test('a key allows what its scopes say', async () => {
  const { url, dispatch } = await startTestApi();
  const [record = ''] = await matchingKeys(
    dispatch.redis,
    `${dispatch.keyPrefix}:{api-keys}:key:*`,
  );
  const stored = parseStoredKey(await dispatch.redis.get(record));
  await dispatch.redis.set(record, JSON.stringify({ ...stored, scopes: ['read'] }));
  const headers = { 'x-api-key': API_KEY };
  expect((await fetch(`${url}/v1/jobs`, { headers })).status).toBe(200);
  const refused = await fetch(`${url}/v1/jobs`, { method: 'POST', headers });
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: { code: 'forbidden' } },
  ]);
});
