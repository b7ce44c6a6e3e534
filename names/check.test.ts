import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readKnownNames } from './name-tables.ts';

// Each test starts a process, which a busy machine may take its time for.
vi.setConfig({ testTimeout: 30_000 });

const CHECK = fileURLToPath(new URL('check.ts', import.meta.url));
const KEY = 'sk-key-of-the-test';

interface Run {
  code: number | null;
  output: string;
  errors: string;
}

async function check(args: string[], environment: Record<string, string> = {}): Promise<Run> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [CHECK, ...args], { env: { PATH, ...environment } });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code: typeof code === 'number' ? code : null, output, errors };
}

async function listServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

function servicesWith(names: string): string {
  const root = mkdtempSync(join(tmpdir(), 'understudy-names-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  mkdirSync(join(root, 'services/worker-openai/src'), { recursive: true });
  writeFileSync(join(root, 'services/worker-openai/src/model-names.ts'), names);
  return root;
}

async function openAiIds(): Promise<string[]> {
  const { tables } = await readKnownNames();
  return tables
    .filter(({ provider }) => provider === 'openai')
    .flatMap(({ models }) => Object.values(models));
}

test('without keys only the tables are checked, and they agree', async () => {
  const { code, output } = await check([]);
  expect(output).toMatch(/^tables: \d+ with \d+ names of \d+ models; they agree$/m);
  expect(output).toContain('openai: not asked, OPENAI_API_KEY not set');
  expect(output).toMatch(/^azure: not asked, deployments/m);
  expect(code).toBe(0);
});

test('tables that disagree fail the check, and the place is named', async () => {
  const root = servicesWith(
    `export const modelNames = { 'gpt-5.5': 'claude-opus-4-7' };
     export const retiredSince = { 'gpt-5.5': '2026-13-01' };`,
  );
  const { code, output } = await check(['--offline', '--root', root]);
  expect(output).toContain('src/model-names.ts modelNames: "gpt-5.5" is sent as "claude-opus-4-7"');
  expect(output).toContain('retiredSince: "gpt-5.5" is retired on "2026-13-01"');
  expect(output).toContain('; 2 problems');
  expect(code).toBe(1);
});

test("a provider's list is asked for with the key, which is printed nowhere", async () => {
  const seen: IncomingMessage[] = [];
  const ids = await openAiIds();
  const url = await listServer((request, response) => {
    seen.push(request);
    response.end(JSON.stringify({ data: [...ids, 'gpt-new'].map((id) => ({ id })) }));
  });
  const { code, output, errors } = await check(['--url', `openai=${url}/v1`], {
    OPENAI_API_KEY: KEY,
  });
  expect(seen.map((request) => request.url)).toEqual(['/v1/models']);
  expect(seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(output).toContain('openai: new: gpt-new');
  expect(output).not.toContain('not listed');
  expect(output + errors).not.toContain(KEY);
  expect(code).toBe(0);
});

test('a name of ours that is not listed fails the check', async () => {
  const ids = await openAiIds();
  const url = await listServer((_, response) => {
    const listed = ids.filter((id) => id !== 'gpt-5.5');
    response.end(JSON.stringify({ data: listed.map((id) => ({ id })) }));
  });
  const { code, output } = await check(['--provider', 'openai', '--url', `openai=${url}`]);
  expect(output).toContain('openai: not listed: gpt-5.5\n');
  expect(code).toBe(3);
});

test('all pages of a list are read', async () => {
  const asked: (string | undefined)[] = [];
  const url = await listServer(({ url: path }, response) => {
    asked.push(path);
    const isFirst = !path?.includes('pageToken');
    const models = [{ name: isFirst ? 'models/gemini-one' : 'models/gemini-two' }];
    response.end(JSON.stringify({ models, ...(isFirst && { nextPageToken: 'second' }) }));
  });
  const { output } = await check(['--url', `gemini=${url}`], { GEMINI_API_KEY: KEY });
  expect(asked).toEqual(['/models?pageSize=1000', '/models?pageSize=1000&pageToken=second']);
  expect(output).toContain('gemini: new: gemini-one, gemini-two');
});

test('a public list is asked for without a key when it is named', async () => {
  const seen: IncomingMessage[] = [];
  const url = await listServer((request, response) => {
    seen.push(request);
    response.end(JSON.stringify({ data: [{ id: 'openai/gpt-5.5' }] }));
  });
  await check(['--provider', 'openrouter', '--url', `openrouter=${url}`]);
  expect(seen.map((request) => request.url)).toEqual(['/models', '/embeddings/models']);
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test.each([
  ['an answer that is no success', 401, '{}', /openai: no list: 127\.0\.0\.1:\d+ answered 401/],
  ['an answer without a list', 200, '{}', /openai: no list: the answer has no list data/],
  ['an answer that is no JSON', 200, '<html>', /openai: no list: 127\.0\.0\.1:\d+: /],
  ['an empty list', 200, '{"data":[]}', /openai: no list: the list is empty/],
])('%s is told, with its own exit code', async (_, status, body, told) => {
  const url = await listServer((_request, response) => {
    response.writeHead(status).end(body);
  });
  const { code, output } = await check(['--url', `openai=${url}`], { OPENAI_API_KEY: KEY });
  expect(output).toMatch(told);
  expect(code).toBe(4);
});

test('a provider that is out of reach is told', async () => {
  const { code, output } = await check(['--url', 'openai=http://127.0.0.1:1'], {
    OPENAI_API_KEY: KEY,
  });
  expect(output).toMatch(/openai: no list: 127\.0\.0\.1:1: .*ECONNREFUSED/);
  expect(code).toBe(4);
});

test('help is the usage, with every exit code', async () => {
  const help = await check(['--help']);
  expect(help).toMatchObject({ code: 0, errors: '' });
  expect(help.output).toContain('Exit code: 0 all is well');
});

test.each([
  [['--url', 'openai'], '--url is "openai"; write NAME=https://…'],
  [['--provider', 'nobody'], '"nobody" has no list; known are openai, '],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('the mistaken options %j are answered with the usage', async (args, told) => {
  const { code, errors } = await check(args);
  expect(errors).toContain(told);
  expect(errors).toContain('Exit code: 0 all is well');
  expect(code).toBe(2);
});
