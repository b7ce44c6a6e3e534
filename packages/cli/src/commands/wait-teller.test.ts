import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const REFUSED = {
  number: 1,
  provider: 'acme',
  outcome: 'failed',
  rule: 'default.status_401',
  error: { message: 'Incorrect API key\nprovided.' },
};

/** A job that waits in the rooms of these providers since a moment. */
function waiting(reason: string, since: string, providers: string[], attempts: object[] = []) {
  const until = new Date(NOW + 26_000).toISOString();
  const rooms = providers.map((provider) => ({ provider, model: 'm' }));
  const waits = [{ reason, until, started_at: since }];
  return { id: 'job_1', status: 'queued', waiting: { reason, until, rooms }, waits, attempts };
}

/** A broker whose job is so at each look in turn, and stays as it was last. */
async function runWithLooks(looks: readonly object[], args: readonly string[]) {
  let number = 0;
  const url = await listenForTest(
    createServer(({ method }, response) => {
      const isLook = method === 'GET';
      const job = isLook ? looks[Math.min(number, looks.length - 1)] : { status: 'queued' };
      if (isLook) number += 1;
      response.writeHead(isLook ? 200 : 202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'job_1', ...job }));
    }),
  );
  return runAgainst(url, args, { now: () => NOW });
}

const COMPLETED = { id: 'job_1', status: 'completed', attempts: [], waits: [] };

test.each([
  ['submit', '-m', 'm', 'Why?', '--wait'],
  ['wait', 'job_1'],
  ['wait', 'job_1', '--timeout', '1m'],
])('%s tells each wait of the job once, with the words of who refused it', async (...args) => {
  const first = waiting('cooling_down', '2026-11-22T09:00:00Z', ['acme', 'acme'], [REFUSED]);
  const second = waiting('cooling_down', '2026-11-22T09:01:00Z', ['acme'], [REFUSED]);
  const { code, stderr } = await runWithLooks([first, first, second, COMPLETED], args);
  const line =
    'understudy: job_1 waits: acme cools down (default.status_401: Incorrect API key provided.), next try in 26 s\n';
  expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: line + line });
});

test.each([
  [
    waiting('cooling_down', 'x', ['acme', 'beta'], [REFUSED]),
    'acme cools down (default.status_401: Incorrect API key provided.), beta cools down ("understudy doctor" tells why), next try in 26 s',
  ],
  [
    waiting('paused', 'x', ['acme'], [{ provider: 'acme', outcome: 'skipped', rule: 'paused' }]),
    'acme is paused; "understudy providers resume acme" ends that',
  ],
  [
    waiting('backoff', 'x', [], [{ ...REFUSED, rule: 'default.status_400', error: undefined }]),
    'acme failed (default.status_400), next try in 26 s',
  ],
  [waiting('interrupted', 'x', []), 'its call was interrupted, next try in 26 s'],
])('a wait is told with its reason: %#', async (look, told) => {
  const { stderr } = await runWithLooks([look, COMPLETED], ['wait', 'job_1']);
  expect(stderr).toBe(`understudy: job_1 waits: ${told}\n`);
});

test('submit waits no longer than it was told to, and is told how long only where it waits', async () => {
  const timed = ['submit', '-m', 'm', 'Why?', '--timeout', '50ms'];
  const { code, stderr } = await runWithLooks([{ status: 'in_progress' }], [...timed, '--wait']);
  expect(code).toBe(EXIT.failed);
  expect(stderr).toBe(
    'understudy: the job job_1 has not ended (in_progress) after 50 ms; wait again\n',
  );
  expect(await runWithLooks([], timed)).toMatchObject({
    code: EXIT.usage,
    stderr: expect.stringContaining('--timeout') as string,
  });
});
