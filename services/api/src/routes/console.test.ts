import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { addConsoleRoutes } from './console.ts';

const SCRIPT = 'console.log("the console");';

async function serve(files: Readonly<Record<string, string | Buffer>>) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-console-'));
  mkdirSync(join(folder, 'assets'));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
  const app = Fastify().withTypeProvider<ZodTypeProvider>();
  await addConsoleRoutes(app, folder);
  return app;
}

const built = () =>
  serve({
    'index.html': '<!doctype html><title>Understudy</title>',
    'assets/index-abc.js': SCRIPT,
    'assets/index-abc.js.br': brotliCompressSync(SCRIPT),
    '.sources': 'a stamp',
  });

test.each(['/console', '/console/', '/console/jobs/job_1', '/console/index.html'])(
  'at %s stands the page, which browsers ask for each time',
  async (url) => {
    const app = await built();
    const answer = await app.inject({ url });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.body).toContain('<title>Understudy</title>');
  },
);

test('the bare address leads to the page, behind the path of a proxy as well', async () => {
  const app = await built();
  const { statusCode, headers } = await app.inject({ url: '/' });
  expect([statusCode, headers.location]).toEqual([302, 'console']);
});

test('the page may load and ask from its own origin alone', async () => {
  const app = await built();
  const { headers } = await app.inject({ url: '/console' });
  const policy = String(headers['content-security-policy']);
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).toMatch(/connect-src 'self'/);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('files named after their content are kept for ever, and sent as they were compressed', async () => {
  const app = await built();
  const url = '/console/assets/index-abc.js';
  const answer = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip' } });
  expect(answer.headers['content-encoding']).toBe('br');
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(SCRIPT);
  const plain = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(plain.body).toBe(SCRIPT);
});

test.each([
  '/console/assets/gone.js',
  '/console/assets/../.sources',
  '/console/assets/%2e%2e/.sources',
  '/console/assets/..%2f..%2f..%2f..%2fetc%2fpasswd',
])('%s is no file of the console', async (url) => {
  const app = await built();
  const answer = await app.inject({ url });
  const isPage = answer.body.includes('<title>Understudy</title>');
  expect([404, isPage ? 200 : 404, 403]).toContain(answer.statusCode);
  expect(answer.body).not.toMatch(/a stamp|root:/);
});

test('a console that is not built says how it is built', async () => {
  const app = await serve({});
  const answer = await app.inject({ url: '/console' });
  expect(answer.statusCode).not.toBe(200);
  expect(answer.body).toContain('packages/console/ensure-built.ts');
});
