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

test('answers that come one after the other are fetched once each', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-partial-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'answers.jsonl');
  const lines = Array.from({ length: LINES }, (_, index) => resultLine(index + 1));
  const text = lines.join('');
  const { state, url } = await growingFile(text);
  const partial = await createPartialAnswers(
    path,
    openBatchDoor(new Understudy({ baseUrl: url, apiKey: 'a-key', retryForMs: 0 })),
    (call) => call(),
    { format: 'prompts', withPrompt: false },
    new AbortController().signal,
  );
  for (let look = 1; look <= LOOKS; look += 1) {
    // Mostly in the midst of a line.
    state.there = Math.floor((text.length * look) / LOOKS);
    await partial.take({
      id: 'batch_1',
      status: 'in_progress',
      output_file_id: 'file-1',
      request_counts: { total: LINES, completed: look, failed: 0 },
    });
  }
  const answers = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(answers.map((line) => JSON.parse(line).answer)).toEqual(
    lines.map((_, index) => `answer ${index + 1}`),
  );
  const longest = Math.max(...lines.map(({ length }) => length));
  expect(state.sent).toBeLessThanOrEqual(text.length + LOOKS * longest);
});
