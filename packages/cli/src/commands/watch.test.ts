import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { listenForTest } from '../../../../test/support/listen-for-test.ts';
import { EXIT } from '../exit-code.ts';
import { runAgainst } from '../testing/run-against.ts';

const STORY = ['job.queued', 'job.attempt_failed', 'job.in_progress', 'job.failed'];

/** Watches a job whose stream tells all of its story. */
async function watch(...more: string[]) {
  const url = await listenForTest(
    createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const events = STORY.map((type, index) => {
        const data = { id: `evt_${index}`, type };
        return `id: ${index + 1}-0\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
      });
      response.end(events.join(''));
    }),
  );
  const { code, stdout } = await runAgainst(url, ['watch', 'job_1', '--json', ...more]);
  const types = stdout.split('\n').flatMap((line): string[] => {
    if (line === '') return [];
    const { type }: { type: string } = JSON.parse(line);
    return [type];
  });
  return { code, types };
}

test('of one job all is shown, and the end decides how the command ends', async () => {
  expect(await watch()).toEqual({ code: EXIT.failed, types: STORY });
});

test.each([
  ['job.attempt_failed', ['job.attempt_failed']],
  ['job.failed,job.attempt_failed', ['job.attempt_failed', 'job.failed']],
  ['job.completed', []],
])('of one job only %s is shown, and the command ends with the job', async (types, shown) => {
  expect(await watch('--types', types)).toEqual({ code: EXIT.failed, types: shown });
});

test('a gap between what is kept is a line like others, and the stream goes on behind it', async () => {
  const gap = { object: 'event', type: 'stream.gap', data: { after: '1-0', until: '5-0' } };
  const failed = {
    id: 'evt_6',
    object: 'event',
    type: 'job.failed',
    created_at: '2026-11-22T09:10:11.120Z',
    data: { id: 'job_6', object: 'job', status: 'failed', model: 'opus' },
  };
  const blocks = [gap, failed].map(
    (data, index) => `id: ${index + 5}-0\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`,
  );
  let connections = 0;
  const url = await listenForTest(
    createServer((_request, response) => {
      connections += 1;
      if (connections > 1) response.writeHead(204).end();
      else
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end(`retry: 1\n\n${blocks.join('')}`);
    }),
  );
  const { code, stdout } = await runAgainst(url, ['watch']);
  expect({ code, stdout }).toEqual({
    code: EXIT.ok,
    stdout: '  stream.gap  after 1-0 until 5-0\n09:10:11  job_6  failed  opus\n',
  });
});
