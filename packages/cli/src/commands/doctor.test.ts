import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

/** A checkout in which nobody has set anything up. */
function emptyCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'understudy-checkout-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  symlinkSync(join(import.meta.dirname, '../../../../services'), join(root, 'services'));
  return root;
}

function scopeOf(method: string, path: string): string {
  if (path.startsWith('/v1/admin/')) return 'admin';
  return method === 'POST' ? 'submit' : 'read';
}

/** Examines a broker that lets its key do this much. */
async function examine(scopes: readonly string[], apiKey?: string) {
  const url = await listenForTest(
    createServer(({ method = '', url: path = '' }, response) => {
      const isOpen = path === '/readyz' || scopes.includes(scopeOf(method, path));
      const status = isOpen ? (method === 'POST' ? 404 : 200) : 403;
      const body = path === '/readyz' ? { status: 'ready' } : { data: [], has_more: false };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }),
  );
  return runAgainst(url, ['doctor'], { root: emptyCheckout(), ...(apiKey && { apiKey }) });
}

test('a key that no header can carry is a finding', async () => {
  const { code, stdout } = await examine(['submit', 'read'], 'Bearer us_x');
  expect(stdout).toMatch(/^ok +API: /m);
  expect(stdout).toMatch(/^FAIL +key: .*no header can carry/m);
  expect(code).toBe(EXIT.failed);
});
