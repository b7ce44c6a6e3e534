import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../test/support/listen-for-test.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { runAgainst } from './testing/run-against.ts';

/** Stands in for the process, whose Ctrl-C it is. */
function createInterrupt() {
  const controller = new AbortController();
  const press = () => controller.abort(new CommandError('interrupted', EXIT.interrupted));
  return { signal: controller.signal, press };
}

/** Runs the command against a broker that never answers; Ctrl-C comes with its first request. */
async function runInterrupted(args: readonly string[]) {
  const { signal, press } = createInterrupt();
  let requests = 0;
  const url = await listenForTest(
    createServer(() => {
      requests += 1;
      press();
    }),
  );
  const result = await runAgainst(url, args, { signal });
  return { ...result, requests };
}

test.each([
  'get job_1',
  'ls',
  'cancel job_1 job_2',
  'cancel --all',
  'rm job_1 job_2',
  'submit -m chat hello',
  'wait job_1',
  'watch',
  'batch ls',
  'batch get batch_1',
  'batch cancel batch_1 batch_2',
  'keys ls',
  'projects ls',
  'providers',
  'routes',
  'models',
  'explain chat',
  'stats',
  'webhooks ls',
])('Ctrl-C ends "%s" while the broker does not answer, and nothing more is asked', async (line) => {
  expect(await runInterrupted(line.split(' '))).toEqual({
    code: EXIT.interrupted,
    stdout: '',
    stderr: 'understudy: interrupted\n',
    requests: 1,
  });
});

test('a retry of many that is interrupted amid its first request tells the key to go on with', async () => {
  const line = 'retry --status failed --key mine';
  const { code, stdout, stderr } = await runInterrupted(line.split(' '));
  expect({ code, stdout }).toEqual({ code: EXIT.interrupted, stdout: '' });
  expect(stderr).toContain('--key mine ');
});

test.each([
  ['a prompt', 'submit -m chat'],
  ['a whole request', 'submit --body -'],
  ['prompts', 'batch run - -o answers.jsonl --format text -m chat'],
])('Ctrl-C ends the reading of %s from standard input that does not end', async (_what, line) => {
  const { signal, press } = createInterrupt();
  const stdin = new Readable({ read: () => void setImmediate(press) });
  const { code, stderr } = await runAgainst('http://127.0.0.1:1', line.split(' '), {
    signal,
    stdin,
  });
  expect({ code, stderr }).toEqual({
    code: EXIT.interrupted,
    stderr: 'understudy: interrupted\n',
  });
});
