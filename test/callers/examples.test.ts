import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/source-tree.ts';
import type { Broker } from '../support/start-broker.ts';
import { startSandboxBroker } from '../support/start-sandbox-broker.ts';

const EXAMPLES = join(ROOT, 'examples');
const SANDBOX = '[sandbox] No model was asked.';

let broker: Broker;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-examples-'));
  broker = await startSandboxBroker();
});
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What an example printed. @throws Error with all of it when it ended with another code than 0 */
async function run(program: string, path: string, ...args: string[]): Promise<string> {
  const child = spawn(program, [join(EXAMPLES, path), ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      UNDERSTUDY_URL: broker.url,
      UNDERSTUDY_API_KEY: broker.apiKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`${path} ended with ${code}:\n${printed}\n${complaints}`);
  return printed;
}

/** 127: a shim whose program is not installed. */
function isMissing(program: string): boolean {
  const { error, status } = spawnSync(program, ['--version']);
  return error !== undefined || status === 127;
}

const node = (path: string, ...args: string[]) => run(process.execPath, path, ...args);
/** Index → id of each job that a run of `submit-many.ts` tells of. */
const completedJobs = (printed: string) =>
  new Map([...printed.matchAll(/^(\d+) (job_\S+) completed$/gm)].map(([, n, id]) => [n, id]));
const matches = (printed: string, pattern: RegExp) => [...printed.matchAll(pattern)].length;

test('every example is named in the README', () => {
  const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  const programs = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:ts|py|sh)$/.test(name),
  );
  expect(programs.length).toBeGreaterThan(8);
  for (const program of programs) expect(readme).toContain(`\`${program}\``);
});

test('curl: one job, and the attempts that failed before its answer', async () => {
  const job = JSON.parse(await run('sh', 'curl/submit-and-wait.sh')) as {
    status: string;
    attempts: { outcome: string }[];
    result: { body: unknown };
  };
  expect(job.status).toBe('completed');
  expect(job.attempts.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(0);
  expect(JSON.stringify(job.result.body)).toContain(SANDBOX);
});

test('TypeScript with openai: a chat completion', async () => {
  expect(await node('typescript-openai/chat-completion.ts')).toContain(SANDBOX);
});

test('TypeScript with openai: a stream', async () => {
  expect(await node('typescript-openai/stream.ts')).toContain(SANDBOX);
});

test('TypeScript with openai: a Response in the background', async () => {
  const printed = await node('typescript-openai/background-response.ts');
  expect(printed).toMatch(/^resp_\S+ is (?:queued|in_progress)\nresp_\S+ is completed\n/);
  expect(printed).toContain(SANDBOX);
});

test('TypeScript with openai: a batch', async () => {
  const printed = await node('typescript-openai/batch.ts');
  expect(printed).toMatch(/^batch_\S+ is completed: 3 of 3 answered, 0 failed$/m);
  const ids = [...printed.matchAll(/"custom_id":"(question-\d)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['question-1', 'question-2', 'question-3']);
});

test('TypeScript with @anthropic-ai/sdk: a message, whole and as a stream', async () => {
  const printed = await node('typescript-anthropic/message.ts');
  expect(printed.split('\n').filter((line) => line.startsWith(SANDBOX))).toHaveLength(2);
});

test('TypeScript with @anthropic-ai/sdk: a message batch', async () => {
  const printed = await node('typescript-anthropic/message-batch.ts');
  expect(printed).toMatch(/^msgbatch_\S+ has ended: 3 succeeded$/m);
  expect(matches(printed, /^question-[123]: \[sandbox\]/gm)).toBe(3);
});

test("TypeScript with Understudy's own client: many jobs, found again by a second run", async () => {
  const first = completedJobs(await node('typescript-client/submit-many.ts', 'a-run'));
  expect(first.size).toBe(40);
  expect(completedJobs(await node('typescript-client/submit-many.ts', 'a-run'))).toEqual(first);
});

test("TypeScript with Understudy's own client: a batch", async () => {
  const printed = await node('typescript-client/batch.ts');
  expect(printed).toMatch(/^batch_\S+ has ended: 3 of 3 answered$/m);
  const ids = [...printed.matchAll(/"custom_id":"(question-\w+)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['question-one', 'question-two', 'question-three']);
});

test('Python: twenty jobs, polled', async ({ skip }) => {
  skip(isMissing('python3'), 'python3 is not on this machine');
  const printed = await run('python3', 'python/submit_twenty.py');
  expect(printed).toContain('20 jobs accepted');
  expect(matches(printed, /^job_\S+ completed after \d+ attempts: \[sandbox\]/gm)).toBe(20);
});

test('Python: a callback whose signature fits', async ({ skip }) => {
  skip(isMissing('python3'), 'python3 is not on this machine');
  const printed = await run('python3', 'python/receive_webhook.py');
  const [, id = ''] = /^accepted (job_\S+)$/m.exec(printed) ?? [];
  expect(printed).toContain(`verified job.completed ${id}\n${SANDBOX}`);
});

test('shell: a file of prompts, each answered once however often it is run', async () => {
  const answers = join(folder, 'answers');
  const prompts = join(EXAMPLES, 'shell/prompts.txt');
  await run('sh', 'shell/answer-prompts.sh', prompts, answers);
  const idOf = (name: string) => {
    const job = JSON.parse(readFileSync(join(answers, name), 'utf8')) as Record<string, unknown>;
    expect(job).toMatchObject({ status: 'completed', priority: 8 });
    return job['id'];
  };
  const names = readdirSync(answers);
  expect(names).toHaveLength(8);
  const ids = names.map(idOf);
  rmSync(join(answers, '4.json'));
  const again = await run('sh', 'shell/answer-prompts.sh', prompts, answers);
  // The lost answer is that of the same job: nothing was asked twice.
  expect(matches(again, /^\d+: job_/gm)).toBe(1);
  expect(readdirSync(answers).map(idOf)).toEqual(ids);
});
