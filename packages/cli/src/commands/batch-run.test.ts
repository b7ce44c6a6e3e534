import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startBatchBroker } from '../testing/batch-broker.ts';
import { runAgainst } from '../testing/run-against.ts';

/** A folder with a file of prompts, and one for what is temporary. */
function makeFolder(prompts: readonly string[] = ['one', 'two', 'three']) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-command-'));
  const temporary = mkdtempSync(join(tmpdir(), 'understudy-temporary-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
  });
  vi.stubEnv('TMPDIR', temporary);
  const path = join(folder, 'prompts.jsonl');
  const write = (lines: readonly string[]): void =>
    writeFileSync(path, lines.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
  write(prompts);
  return { folder, temporary, path, answers: join(folder, 'answers.jsonl'), write };
}

const readAnswers = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const run = (url: string, path: string, answers: string, ...more: string[]) =>
  runAgainst(url, ['batch', 'run', path, '-o', answers, '-m', 'm', '--with-prompt', ...more]);

const ANSWERED = ['one', 'two', 'three'].map((prompt, index) => ({
  custom_id: `line-${index + 1}`,
  prompt,
  answer: `answer to line-${index + 1}`,
}));

test.each([
  ['is written in another order', ['three', 'two', 'one']],
  ['gets a line on top', ['new', 'one', 'two', 'three']],
])('a file of prompts that %s while the run waits is answered as it was', async (_, changed) => {
  const { path, answers, write, temporary } = makeFolder();
  const kept: number[] = [];
  const { url } = await startBatchBroker(() => {
    write(changed);
    for (const name of readdirSync(temporary, { recursive: true, encoding: 'utf8' })) {
      kept.push(statSync(join(temporary, name)).mode & 0o077);
    }
  });
  expect(await run(url, path, answers)).toMatchObject({ code: 0, stderr: '' });
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
  expect(new Set(kept)).toEqual(new Set([0]));
  expect(readdirSync(temporary)).toEqual([]);

  const again = await run(url, path, answers);
  expect(again.stderr).toContain('The prompts or options changed since the last run');
});

test('a file of prompts that is gone when the answers are there is answered all the same', async () => {
  const { path, answers } = makeFolder();
  const { url } = await startBatchBroker(() => rmSync(path));
  expect(await run(url, path, answers)).toMatchObject({ code: 0 });
  expect(readAnswers(answers)).toMatchObject(ANSWERED);
});
