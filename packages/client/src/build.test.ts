import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import { sendJson, startServer } from './testing/start-server.ts';
import type * as client from './index.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(PACKAGE, 'dist');
/** What the client needs of its surroundings. */
const BROWSER = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'FormData',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'clearTimeout',
  'crypto',
  'fetch',
  'performance',
  'setTimeout',
] as const;
const NODE_ONLY = /\bnode:|\bBuffer\b|\brequire\(|\bfrom ["']/;

beforeAll(async () => {
  const program = join(PACKAGE, 'node_modules/.bin/tsdown');
  const env = { ...process.env, PATH: `${process.execPath}/..:${process.env['PATH']}` };
  await run(program, [], { cwd: PACKAGE, env });
}, 120_000);

const ANSWER = { job: { id: 'job_1', status: 'queued' }, sent: 'Bearer a-key' };

/** What a call gives, and the key that it sent. */
async function callThrough({ Understudy }: typeof client) {
  const server = await startServer((_number, _request, response) =>
    sendJson(response, 200, ANSWER.job),
  );
  const broker = new Understudy({ baseUrl: server.url, apiKey: 'a-key' });
  const job = await broker.get('job_1');
  return { job, sent: server.requests[0]?.headers.authorization };
}

test('the build is taken by import and by require, and its calls work', async () => {
  const url = pathToFileURL(join(DIST, 'index.mjs')).href;
  const imported: typeof client = await import(url);
  expect(await callThrough(imported)).toEqual(ANSWER);
  const required: typeof client = createRequire(import.meta.url)(join(DIST, 'index.cjs'));
  expect(await callThrough(required)).toEqual(ANSWER);
});

test('what the package publishes is what the build makes, types for both forms among it', () => {
  const { publishConfig } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    publishConfig: { exports: { '.': Record<string, Record<string, string>> } };
  };
  const published = Object.values(publishConfig.exports['.']).flatMap(Object.values);
  const built = readdirSync(DIST).map((name) => `./dist/${name}`);
  expect(new Set(published)).toEqual(new Set(built));
  const types = readFileSync(join(DIST, 'index.d.cts'), 'utf8');
  expect(types).toContain('declare class Understudy');
});

test('nothing in the build is for Node only', () => {
  for (const name of ['index.mjs', 'index.cjs']) {
    expect(readFileSync(join(DIST, name), 'utf8')).not.toMatch(NODE_ONLY);
  }
});

test('it runs where there is no Node, only what browsers have', async () => {
  const module = { exports: {} };
  const browser = Object.fromEntries(BROWSER.map((name) => [name, Reflect.get(globalThis, name)]));
  const program = readFileSync(join(DIST, 'index.cjs'), 'utf8');
  runInContext(program, createContext({ ...browser, module, exports: module.exports }));
  expect(await callThrough(module.exports as typeof client)).toEqual(ANSWER);
});
