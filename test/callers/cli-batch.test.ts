import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;
let folder: string;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    services: ['batch-runner'],
    configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", passthrough: true, concurrency: 8 }
  priced: { kind: openai-compatible, preset: deepseek, apiKey: "priced-test-key", baseUrl: "${vendor.url}/v1", concurrency: 4 }
routes:
  priced: { targets: [ { provider: priced, model: deepseek-v4-pro } ] }
  chat: { targets: [ { provider: only } ], maxCalls: 1 }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => {
  vendor.reset();
  folder = mkdtempSync(join(tmpdir(), 'understudy-cli-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  custom_id: string;
  answer: string | null;
  error?: { code?: string; message: string };
}

const LINES = 60;
const ids = Array.from({ length: LINES }, (_, index) => `line-${index + 1}`);

/** Every prompt is its own, so that the vendor's calls tell which line they are for. */
function writePrompts(mark: string, count = LINES): void {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ prompt: `${mark} prompt ${index + 1} end` }),
  );
  writeFileSync(join(folder, 'prompts.jsonl'), `${lines.join('\n')}\n`);
}

const RUN = ['batch', 'run', 'prompts.jsonl', '-o', 'answers.jsonl', '-m', 'chat'];
const run = (...more: string[]) => runCli(broker, [...RUN, ...more], { cwd: folder });
const start = (...more: string[]) => startCli(broker, [...RUN, ...more], { cwd: folder });
const statePath = () => join(folder, 'answers.jsonl.state.json');

function readAnswers(): Answer[] {
  const text = readFileSync(join(folder, 'answers.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
}

/** How often the vendor was called for each prompt that it was called for. */
function callsPerPrompt(mark: string): number[] {
  const prompts = new Map<string, number>();
  for (const { body } of vendor.calls) {
    const prompt = new RegExp(`${mark} prompt \\d+ end`).exec(body)?.[0];
    if (prompt !== undefined) prompts.set(prompt, (prompts.get(prompt) ?? 0) + 1);
  }
  return [...prompts.values()];
}

/** Until the batch of this folder's run has been sent. */
async function sent(): Promise<string> {
  return expect
    .poll(
      () => {
        if (!existsSync(statePath())) return undefined;
        const { rounds }: { rounds: { batch?: string }[] } = JSON.parse(
          readFileSync(statePath(), 'utf8'),
        );
        return rounds.at(-1)?.batch;
      },
      { timeout: 30_000 },
    )
    .toMatch(/^batch_/)
    .then(() => JSON.parse(readFileSync(statePath(), 'utf8')).rounds.at(-1).batch);
}

test('a file of prompts becomes a file of answers, in its order', async () => {
  writePrompts('plain');
  expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
  const answers = readAnswers();
  expect(answers.map((answer) => answer.custom_id)).toEqual(ids);
  expect(answers.every(({ answer }) => typeof answer === 'string' && answer !== '')).toBe(true);
  expect(callsPerPrompt('plain')).toEqual(ids.map(() => 1));
});

test('interrupted by Ctrl-C, kill -9 of itself and kill -9 of the API, it gives each line one answer', async () => {
  writePrompts('crash');
  vendor.onCall(() => true, { delayMs: 400 });

  const first = start();
  const batch = await sent();
  first.kill('SIGINT');
  const interrupted = await first.result;
  expect(interrupted.code).toBe(130);
  expect(interrupted.stderr).toContain(batch);

  const second = start();
  await vendor.waitForCalls(8, { timeoutMs: 30_000 });
  second.kill('SIGKILL');
  expect(await second.result).toMatchObject({ code: 'SIGKILL' });

  const third = start();
  await vendor.waitForCalls(20, { timeoutMs: 30_000 });
  broker.services.get('api')?.kill('SIGKILL');
  await broker.services.get('api')?.ended;
  await broker.startService('api');
  const { code, stderr } = await third.result;
  expect({ code, stderr }).toMatchObject({ code: 0 });

  expect(await sent()).toBe(batch);
  expect(readAnswers().map((answer) => answer.custom_id)).toEqual(ids);
  expect(callsPerPrompt('crash')).toEqual(ids.map(() => 1));
});

test('without its state file a run finds the batch it had sent', async () => {
  writePrompts('lost');
  vendor.onCall(() => true, { delayMs: 200 });
  const first = start();
  const batch = await sent();
  first.kill('SIGKILL');
  await first.result;
  rmSync(statePath());
  expect(await run()).toMatchObject({ code: 0 });
  expect(await sent()).toBe(batch);
  expect(readAnswers().map((answer) => answer.custom_id)).toEqual(ids);
  expect(callsPerPrompt('lost')).toEqual(ids.map(() => 1));
});

test('the same prompts with another life are another run', async () => {
  writePrompts('lives', 3);
  expect(await run()).toMatchObject({ code: 0 });
  const first = await sent();
  rmSync(statePath());
  rmSync(join(folder, 'answers.jsonl'));
  expect(await run('--expires-in', '48h')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await sent()).not.toBe(first);
  expect(callsPerPrompt('lives')).toEqual([2, 2, 2]);
});

test('lines that fail are counted and named, and --retry-failed sends those alone again', async () => {
  writePrompts('fails', 12);
  const broken = vendor.onCall(({ body }) => /fails prompt (?:3|7) end/.test(body), {
    status: 400,
    body: { error: { message: 'this prompt is bad', type: 'invalid_request_error' } },
  });
  const first = await run();
  expect(first.code).toBe(1);
  expect(first.stderr).toMatch(/line 3 \(line-3\): 400 this prompt is bad/);
  expect(first.stderr).toContain('2 of 12 lines have no answer');
  expect(readAnswers().map(({ answer }) => answer === null)).toEqual(
    ids.slice(0, 12).map((id) => id === 'line-3' || id === 'line-7'),
  );

  expect(await run()).toMatchObject({ code: 1 });
  expect(callsPerPrompt('fails')).toHaveLength(12);

  broken();
  vendor.calls.length = 0;
  expect(await run('--retry-failed')).toMatchObject({ code: 0 });
  expect(callsPerPrompt('fails')).toEqual([1, 1]);
  expect(readAnswers().map(({ custom_id: id }) => id)).toEqual(ids.slice(0, 12));
  expect(readAnswers().every(({ answer }) => answer !== null)).toBe(true);
  expect(await run()).toMatchObject({ code: 0 });
});

test('a file that the key may not store is refused once, in the words of the broker', async () => {
  writePrompts('stored');
  const storing = async (limit: string) => {
    const made = await runCli(broker, ['keys', 'create', '--limit', limit, '--json']);
    const { key: apiKey }: { key: string } = JSON.parse(made.stdout);
    return apiKey;
  };
  const tooSmall = await storing('bytes-stored=1000');
  const never = await runCli({ url: broker.url, apiKey: tooSmall }, RUN, { cwd: folder });
  expect(never.stderr).toMatch(
    /^understudy: a file of \d+ bytes is more than this key may store at all: 1000 bytes [^\n]+\n$/,
  );
  expect(never.code).toBe(2);

  const nearlyFull = await storing('bytes-stored=12000');
  await storeFile(nearlyFull, 8000);
  const now = await runCli({ url: broker.url, apiKey: nearlyFull }, RUN, { cwd: folder });
  expect(now.stderr).toMatch(
    /^understudy: this key may store 12000 bytes of files, and has 8000; [^\n]+\n$/,
  );
  expect(now.code).toBe(1);
});

async function storeFile(apiKey: string, bytes: number): Promise<void> {
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob(['x'.repeat(bytes)]), 'other.jsonl');
  const headers = { authorization: `Bearer ${apiKey}` };
  const answer = await fetch(`${broker.url}/v1/files`, { method: 'POST', headers, body: form });
  expect(answer.status).toBe(200);
}

test("Anthropic's and OpenAI's batch lines are answered in their own format", async () => {
  const anthropic = {
    custom_id: 'a',
    params: { model: 'chat', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
  };
  writeFileSync(join(folder, 'prompts.jsonl'), JSON.stringify(anthropic));
  expect(await run()).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(join(folder, 'answers.jsonl'), 'utf8'))).toMatchObject({
    custom_id: 'a',
    result: { type: 'succeeded', message: { type: 'message', role: 'assistant' } },
  });
  const openai = {
    custom_id: 'b',
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'chat', messages: [{ role: 'user', content: 'Hi' }] },
  };
  writeFileSync(join(folder, 'prompts.jsonl'), JSON.stringify(openai));
  const { code, stderr } = await run();
  expect(code).toBe(0);
  expect(stderr).toContain('changed since the last run');
  expect(JSON.parse(readFileSync(join(folder, 'answers.jsonl'), 'utf8'))).toMatchObject({
    custom_id: 'b',
    response: { status_code: 200, body: { object: 'chat.completion' } },
    error: null,
  });
});

test('a CSV becomes prompts by a template', async () => {
  writeFileSync(
    join(folder, 'texts.csv'),
    'id,text,language\n1,"Good, really",French\n2,"two\nlines",Welsh\n',
  );
  const result = await runCli(
    broker,
    [
      'batch',
      'run',
      'texts.csv',
      '-o',
      'answers.jsonl',
      '-m',
      'chat',
      '--with-prompt',
      '--template',
      'Say {{text}} in {{language}}',
      '--json',
    ],
    { cwd: folder },
  );
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toMatchObject({ lines: 2, succeeded: 2, failed: 0 });
  expect(readAnswers()).toMatchObject([
    { custom_id: '1', prompt: 'Say Good, really in French' },
    { custom_id: '2', prompt: 'Say two\nlines in Welsh' },
  ]);
});

test('--partial shows answers while the batch runs', async () => {
  writePrompts('partial');
  vendor.onCall(({ body }) => body.includes('partial prompt 60 end'), { answer: 'never' });
  const running = start('--partial');
  await expect
    .poll(
      () =>
        existsSync(join(folder, 'answers.jsonl'))
          ? readFileSync(join(folder, 'answers.jsonl'), 'utf8').split('\n').length - 1
          : 0,
      { timeout: 60_000 },
    )
    .toBeGreaterThan(10);
  const batch = await sent();
  expect(await runCli(broker, ['batch', 'cancel', batch])).toMatchObject({ code: 0 });
  expect(await running.result).toMatchObject({ code: 1 });
  expect(readAnswers().map(({ custom_id: id }) => id)).toEqual(ids);
  expect(readAnswers().at(-1)).toMatchObject({ answer: null, error: { code: 'batch_cancelled' } });
});

test('--max-cost begins no further line once the batch has cost so much, and keeps what was answered', async () => {
  writePrompts('dear');
  // Four at a time: the first four cost more than is allowed, long before the last is called.
  vendor.onCall(() => true, { delayMs: 3000 });
  const ended = await run('-m', 'priced', '--max-cost', '0.000000001');
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('the batch may cost $0.000000001');
  expect(ended.stderr).toContain('(max_cost)');
  const answers = readAnswers();
  expect(answers.map(({ custom_id: id }) => id)).toEqual(ids);
  const answered = answers.filter(({ answer }) => answer !== null);
  expect(answered.length).toBeGreaterThanOrEqual(4);
  expect(answered.length).toBeLessThan(LINES);
  expect(callsPerPrompt('dear')).toEqual(answered.map(() => 1));
  const reasons = answers.flatMap(({ error }) => error?.code ?? []);
  expect(new Set(reasons)).toEqual(new Set(['batch_max_cost']));
  const shown = await runCli(broker, ['batch', 'get', await sent(), '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    status: 'cancelled',
    max_cost: 1e-9,
    errors: { data: [{ code: 'max_cost' }] },
    request_counts: { total: LINES, completed: answered.length },
  });
});
