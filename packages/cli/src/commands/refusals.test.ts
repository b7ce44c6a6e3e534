import { createServer } from 'node:http';
import { expect, test } from 'vitest';
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
