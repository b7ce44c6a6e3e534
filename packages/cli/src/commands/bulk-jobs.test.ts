import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

type Answer = [status: number, body: object];

const PAGE: Answer = [
  200,
  {
    object: 'bulk_result',
    action: 'retry',
    matched: 500,
    done: 500,
    skipped: [],
    has_more: true,
    next_after: '5-job_5',
  },
];
const LIMIT: Answer = [429, { error: { code: 'quota_exceeded', message: 'no more today' } }];
const STOPPED: Answer = [
  200,
  {
    ...PAGE[1],
    matched: 2,
    done: 1,
    skipped: [{ id: 'job_1', code: 'quota_exceeded' }],
    stopped: { code: 'quota_exceeded', message: 'no more today' },
  },
];

function send(response: ServerResponse, [status, body]: Answer): void {
  // Longer than a person is kept waiting.
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '60' });
  response.end(JSON.stringify(body));
}

/** Runs the command against a broker that gives these answers, the last one again and again. */
async function retry(answers: readonly Answer[], ...more: string[]) {
  const keys: unknown[] = [];
  const url = await listenForTest(
    createServer(({ headers }, response) => {
      const answer = answers[Math.min(keys.push(headers['idempotency-key']), answers.length) - 1];
      if (answer !== undefined) send(response, answer);
    }),
  );
  const run = await runAgainst(url, ['retry', '--status', 'failed', ...more]);
  return { ...run, keys };
}

test('a retry that a limit ends tells what it did, why it stopped, and the key to go on with', async () => {
  const { code, stdout, stderr, keys } = await retry([PAGE, LIMIT]);
  expect(code).toBe(EXIT.failed);
  expect(stdout).toBe('500 of 500 retried\nstopped: no more today\n');
  expect(keys[0]).toBe(keys[1]);
  expect(stderr).toContain(`--key ${String(keys[0])} `);

  const again = await retry([PAGE, LIMIT], '--key', String(keys[0]), '--json');
  expect(again.keys).toEqual(keys);
  expect(JSON.parse(again.stdout)).toEqual({
    action: 'retry',
    key: keys[0],
    matched: 500,
    done: 500,
    skipped: [],
    stopped: { code: 'quota_exceeded', message: 'no more today' },
  });
});

test('a retry that the broker itself stopped tells the key as well', async () => {
  const { code, stdout, stderr } = await retry([STOPPED], '--key', 'mine');
  expect({ code, stdout }).toEqual({
    code: EXIT.failed,
    stdout: '1 of 2 retried; passed over: 1 quota_exceeded\nstopped: no more today\n',
  });
  expect(stderr).toContain('--key mine ');
});

test('a first request without an answer may have done something: its key is told', async () => {
  const { code, stdout, stderr, keys } = await retry([[503, {}]]);
  expect({ code, stdout }).toEqual({ code: EXIT.unreachable, stdout: '' });
  expect(stderr).toContain(`--key ${String(keys[0])} `);
});

test('one that is refused for good did nothing, and only its reason is told', async () => {
  const refusal: Answer = [403, { error: { code: 'forbidden', message: 'this key may not' } }];
  const { code, stdout, stderr } = await retry([refusal]);
  expect({ code, stdout, stderr }).toEqual({
    code: EXIT.unreachable,
    stdout: '',
    stderr: 'understudy: this key may not\n',
  });
});
