import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Understudy } from '@understudy/client';
import { expect, onTestFinished, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { openBatchDoor } from '../commands/batch-door.ts';
import { createPartialAnswers } from './partial-answers.ts';

const LINES = 50;
const LOOKS = 10;

function resultLine(number: number): string {
  const message = { content: `answer ${number}` };
  const response = { status_code: 200, body: { model: 'chat', choices: [{ message }] } };
  return `${JSON.stringify({ custom_id: `line-${number}`, response, error: null })}\n`;
}

/** A broker whose one file has so many of its bytes by now, and how many it has sent. */
async function growingFile(text: string) {
  const state = { there: 0, sent: 0 };
  const url = await listenForTest(
    createServer(({ headers }, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
      const part = text.slice(start, state.there);
      state.sent += part.length;
      const range = { 'content-range': `bytes ${start}-${state.there - 1}/*` };
      if (part === '') response.writeHead(416).end();
      else if (headers.range === undefined) response.writeHead(200).end(part);
      else response.writeHead(206, range).end(part);
    }),
  );
  return { state, url };
}

const ALL = Array.from({ length: LINES }, (_, index) => resultLine(index + 1));

/** A run over a broker's growing file, and what it has appended so far. */
async function openPartial() {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-partial-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'answers.jsonl');
  const { state, url } = await growingFile(ALL.join(''));
  const partial = await createPartialAnswers(
    path,
    openBatchDoor(new Understudy({ baseUrl: url, apiKey: 'a-key', retryForMs: 0 })),
    (call) => call(),
    { format: 'prompts', withPrompt: false },
    new AbortController().signal,
  );
  const take = (completed: number): Promise<void> =>
    partial.take({
      id: 'batch_1',
      status: 'in_progress',
      output_file_id: 'file-1',
      request_counts: { total: LINES, completed, failed: 0 },
    });
  const answers = (): unknown[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).answer);
  return { state, take, answers };
}

test('answers that come one after the other are fetched once each', async () => {
  const { state, take, answers } = await openPartial();
  const { length } = ALL.join('');
  for (let look = 1; look <= LOOKS; look += 1) {
    // Mostly in the midst of a line.
    state.there = Math.floor((length * look) / LOOKS);
    await take(LINES);
  }
  expect(answers()).toEqual(ALL.map((_, index) => `answer ${index + 1}`));
  const longest = Math.max(...ALL.map((line) => line.length));
  expect(state.sent).toBeLessThanOrEqual(length + LOOKS * longest);
});

test('answers that are written after their lines were counted are fetched all the same, and then no more', async () => {
  const { state, take, answers } = await openPartial();
  state.there = ALL[0]!.length;
  await take(3);
  expect(answers()).toEqual(['answer 1']);
  state.there = ALL.slice(0, 3).join('').length;
  await take(3);
  expect(answers()).toEqual(['answer 1', 'answer 2', 'answer 3']);
  const { sent } = state;
  await take(3);
  expect(state.sent).toBe(sent);
});
