import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

/** Runs the command against a broker that refuses everything, and counts what it is asked. */
async function run(args: readonly string[]) {
  let requests = 0;
  const url = await listenForTest(
    createServer((_request, response) => {
      requests += 1;
      response.writeHead(400).end();
    }),
  );
  const result = await runAgainst(url, args);
  return { ...result, requests };
}

test.each([
  [['cancel', 'job_1', 'job_2', '--dry-run'], '--dry-run goes with a filter'],
  [['retry', 'job_1', '--dry-run'], '--dry-run goes with a filter'],
  [['submit', '--body', 'request.json', '-s', 'Be brief.'], '-s: say it in the request of --body'],
  [
    ['submit', '--body', '-', '--max-tokens', '9', '--temperature', '0'],
    '--max-tokens, --temperature: ',
  ],
  [
    ['submit', '-m', 'chat', '-e', 'embeddings', '-s', 'Be brief.', 'Hello'],
    'an embedding has no such',
  ],
  [
    ['batch', 'run', 'texts.csv', '-o', 'x', '-e', 'embeddings', '--max-tokens', '9'],
    'an embedding has',
  ],
  [
    ['batch', 'run', 'texts.csv', '-o', 'x', '--fresh', '--retry-failed'],
    "option '--retry-failed' cannot be used with option '--fresh'",
  ],
  [['webhooks', 'secret', '--grace', '1h'], '--grace goes with --rotate'],
  [['watch', '--types', 'response.completed'], 'Give job.completed, '],
])('%j is refused before anything is asked', async (args, words) => {
  const { code, stdout, stderr, requests } = await run(args);
  expect({ code, stdout, requests }).toEqual({
    code: EXIT.usage,
    stdout: '',
    requests: 0,
  });
  expect(stderr).toContain(words);
});

const OPENAI = '{"custom_id":"a","url":"/v1/chat/completions","body":{"model":"m"}}';
const ANTHROPIC = '{"custom_id":"a","params":{"model":"m"}}';
const PROMPT = '{"prompt":"Hello"}';

test.each([
  [
    OPENAI,
    ['-s', 'Be brief.'],
    '-s: these lines are openai, and sent as they are; say it in the "body"',
  ],
  [OPENAI, ['--max-tokens', '9', '--temperature', '0'], '--max-tokens, --temperature: these lines'],
  [
    OPENAI,
    ['-e', 'chat'],
    '--endpoint: these lines are openai, and the "url" of each line says it',
  ],
  [OPENAI, ['--template', '{{x}}'], '--template: only rows of a CSV'],
  [
    ANTHROPIC,
    ['--max-tokens', '9'],
    '--max-tokens: these lines are anthropic, and sent as they are; say it in the "params"',
  ],
  [ANTHROPIC, ['--endpoint', 'responses'], '--endpoint: these lines are anthropic, and lines of'],
  [ANTHROPIC, ['--template', '{{x}}'], '--template: only rows of a CSV'],
  [PROMPT, ['-m', 'm', '--template', '{{x}}'], 'these lines are prompts; leave it out'],
  [
    'Hello',
    ['-m', 'm', '--format', 'text', '--template', '{{x}}'],
    'these lines are text; leave it',
  ],
  [PROMPT.replace('}', ',"system":"S"}'), ['-m', 'm', '-e', 'embeddings'], 'line 1: gives system'],
])('a file of %s with %j is refused before anything is asked', async (content, options, words) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-refusals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'prompts');
  writeFileSync(path, content);
  const args = ['batch', 'run', path, '-o', join(folder, 'answers'), ...options];
  const { code, stderr, requests } = await run(args);
  expect({ code, requests }).toEqual({ code: EXIT.usage, requests: 0 });
  expect(stderr).toContain(words);
});

test('a dialect goes by its own name and by a shorter one, which help shows', async () => {
  for (const name of ['chat', 'chat-completions', '/v1/chat/completions']) {
    const { requests } = await run(['submit', '-m', 'm', 'Hello', '-e', name]);
    expect(requests).toBe(1);
  }
  for (const command of [['submit'], ['batch', 'run']]) {
    const { stdout } = await run([...command, '--help']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('embeddings (default: chat)');
  }
});
