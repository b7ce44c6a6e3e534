import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

const ERROR = { code: 'provider_rejected', message: 'no' };

/** Waits for jobs that have ended as their ids say; a `slow` one ends after the first look. */
async function wait(...args: string[]) {
  let looks = 0;
  const url = await listenForTest(
    createServer(({ url: path = '' }, response) => {
      const id = path.slice(path.lastIndexOf('/') + 1);
      looks += 1;
      const [status = ''] = id.split('-');
      const answer = (code: number, body: object) => {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (status === 'missing') answer(404, { detail: `there is no ${id}` });
      else if (status === 'slow' && looks <= args.length) answer(200, { id, status: 'queued' });
      else if (status === 'failed') answer(200, { id, status, error: ERROR });
      else answer(200, { id, status: 'completed' });
    }),
  );
  return runAgainst(url, ['wait', ...args]);
}

test('of several jobs each is shown as it ends, not in the order in which they were named', async () => {
  expect(await wait('slow-1', 'failed-2', 'completed-3')).toEqual({
    code: EXIT.failed,
    stdout: expect.stringMatching(/\nslow-1  completed\n$/) as string,
    stderr: '',
  });
});

test('a job that is not there keeps nobody from hearing of the others', async () => {
  expect(await wait('missing-1', 'completed-2')).toEqual({
    code: EXIT.notFound,
    stdout: 'completed-2  completed\n',
    stderr: 'understudy: missing-1: there is no missing-1\n',
  });
  const { code, stdout } = await wait('completed-1', 'missing-2', 'failed-3');
  expect(code).toBe(EXIT.notFound);
  expect(stdout.split('\n').toSorted()).toEqual([
    '',
    'completed-1  completed',
    'failed-3  failed: no (provider_rejected)',
  ]);
});
