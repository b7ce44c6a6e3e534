import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { startLocalServer } from '../../../../test/support/local-redis.ts';
import { EXIT } from '../exit-code.ts';
import { emptyCheckout } from '../testing/empty-checkout.ts';
import { runAgainst } from '../testing/run-against.ts';

function scopeOf(method: string, path: string): string {
  if (path.startsWith('/v1/admin/')) return 'admin';
  return method === 'POST' ? 'submit' : 'read';
}

/** Examines a broker that lets its key do this much. */
async function examine(scopes: readonly string[], apiKey?: string) {
  const url = await listenForTest(
    createServer(({ method = '', url: path = '' }, response) => {
      const isOpen = path === '/readyz' || scopes.includes(scopeOf(method, path));
      // A job that is not there is looked for once it is known that it may be.
      const found = method === 'POST' ? 404 : 200;
      const status = isOpen ? found : 403;
      const body = path === '/readyz' ? { status: 'ready' } : { data: [], has_more: false };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }),
  );
  return runAgainst(url, ['doctor'], { root: emptyCheckout(), apiKey });
}

test('a key that may not read is warned of, and what only readers see is not looked at', async () => {
  const { code, stdout } = await examine(['submit']);
  expect(stdout).toMatch(/^warn +key: is good for submit; submitting and waiting need /m);
  expect(stdout).not.toContain('provider');
  expect(code).toBe(EXIT.ok);
});

test('a key that may read alone has the providers looked at', async () => {
  const { code, stdout } = await examine(['read']);
  expect(stdout).toMatch(/^warn +key: is good for read; /m);
  expect(stdout).toMatch(/^FAIL +providers: there is none/m);
  expect(code).toBe(EXIT.failed);
});

test('a key that no header can carry is a finding', async () => {
  const { code, stdout } = await examine(['submit', 'read'], 'Bearer us_x');
  expect(stdout).toMatch(/^ok +API: /m);
  expect(stdout).toMatch(/^FAIL +key: .*no header can carry/m);
  expect(code).toBe(EXIT.failed);
});

test("what the file says of Redis counts where a provider's key is not in the environment", async () => {
  const server = await startLocalServer(['--appendonly', 'no']);
  onTestFinished(() => server.stop());
  const root = emptyCheckout();
  const said = (redis: string): void =>
    writeFileSync(
      join(root, 'understudy.yaml'),
      `providers: { openai: { kind: openai, apiKey: '\${NO_SUCH_KEY}' } }\nredis: ${redis}\n`,
    );
  const look = () =>
    runAgainst('http://127.0.0.1:1', ['doctor'], { root, environment: { REDIS_URL: server.url } });

  said('{ durability: assumed, memoryBudgetBytes: 1000000000 }');
  const { code, stdout } = await look();
  expect(stdout).toMatch(/^warn +Redis: .*appendonly is off/m);
  expect(stdout).not.toMatch(/^FAIL +Redis: /m);
  expect(stdout).toMatch(/^ok +Redis memory: .* of 1000 MB are used/m);
  expect(stdout).toMatch(/^FAIL +configuration: .*NO_SUCH_KEY/m);
  expect(code).toBe(EXIT.failed);

  said('{ durability: perhaps }');
  const unread = (await look()).stdout;
  expect(unread).toMatch(/^FAIL +Redis: .*appendonly is off/m);
  expect(unread).not.toContain('Redis memory');
}, 60_000);
