import { expect, onTestFinished, test, vi } from 'vitest';
import { createGuardedDispatcher } from './guarded-dispatcher.ts';
import { postOutbound } from './post-outbound.ts';
import { createHostResolver, type ResolveHost } from './resolve-host.ts';
import { startNameServer } from './testing/name-server.ts';
import { startWatchedServer } from './testing/watched-server.ts';

function poster(allow: readonly string[], resolve: ResolveHost, connectTimeoutMs = 1_500) {
  const dispatcher = createGuardedDispatcher({ allow }, { resolve, connectTimeoutMs });
  onTestFinished(() => dispatcher.destroy());
  return (url: string) =>
    postOutbound({ url, headers: {}, body: '{}', timeoutMs: 5_000, dispatcher });
}

/** Nobody ends it early. */
const unnamed = { named: false, signal: new AbortController().signal };

test('names that nobody answers for hold up no name that resolves', async () => {
  const { port } = await startWatchedServer((_, response) => response.end());
  const { address, asked } = await startNameServer({ 'hooks.example': '127.0.0.1' });
  const post = poster(['127.0.0.0/8'], createHostResolver([address]));
  const silent = Array.from({ length: 50 }, (_, index) =>
    post(`https://a${index}.silent.example/`),
  );
  await vi.waitFor(() => expect(asked()).toHaveLength(50));
  const startedAt = performance.now();
  const result = await post(`http://hooks.example:${port}/`);
  expect(result).toMatchObject({ kind: 'answer', status: 200 });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  for (const { kind } of await Promise.all(silent)) expect(kind).toBe('failed');
});

test('a look-up that nobody waits for any more is ended', async () => {
  const { address, asked } = await startNameServer({});
  const ending = new AbortController();
  const signal = ending.signal;
  const looking = createHostResolver([address])('silent.example', { named: false, signal });
  await vi.waitFor(() => expect(asked()).toEqual(['silent.example']));
  const startedAt = performance.now();
  ending.abort();
  await expect(looking).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test('a name that has no address is told apart from one that nobody answers for', async () => {
  const { address } = await startNameServer({ 'void.example': undefined });
  const looking = createHostResolver([address])('void.example', unnamed);
  await expect(looking).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a host that the policy names is looked up by the system, and no name server need know it', async () => {
  const { address, asked } = await startNameServer({});
  const found = await createHostResolver([address])('localhost', { ...unnamed, named: true });
  expect(['127.0.0.1', '::1']).toContain(found[0]);
  expect(asked()).toEqual([]);
});

test.each([
  ['http://hooks.internal:81/', true],
  ['https://hooks.internal/', false],
  ['https://hooks.example/', false],
])('%s is a place that hooks.internal:81 names: %s', async (url, named) => {
  const resolve = vi.fn<ResolveHost>(() => Promise.resolve([]));
  await poster(['hooks.internal:81', '10.0.0.0/8'], resolve)(url);
  const { hostname } = new URL(url);
  expect(resolve).toHaveBeenCalledExactlyOnceWith(hostname, expect.objectContaining({ named }));
});
