import type { Job } from '@understudy/client';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';
import { renderJob } from './render-job.ts';

const CREATED_AT = '2026-11-22T09:00:00.000Z';

function waitingIn(rooms: { provider: string; model: string }[]): string {
  const job: Job = {
    id: 'job_1',
    object: 'job',
    status: 'queued',
    project: 'default',
    endpoint: '/v1/chat/completions',
    model: 'chat',
    route: 'chat',
    priority: 5,
    created_at: CREATED_AT,
    expires_at: '2026-11-23T09:00:00.000Z',
    request_bytes: 10,
    waiting: { reason: 'backoff', until: '2026-11-22T09:00:02.000Z', rooms },
    attempts: [],
    waits: [],
  };
  const stdout = Object.assign(new PassThrough(), { isTTY: false, columns: 80 });
  const output = createOutput({
    stdout,
    stderr: stdout,
    environment: {},
    json: false,
    colour: false,
    now: () => Date.parse(CREATED_AT),
  });
  return renderJob(job, output.style());
}

test('a wait is shown with its rooms, and one that has none without', () => {
  expect(waitingIn([{ provider: 'main', model: 'm' }])).toMatch(
    /waiting +backoff, in 2 s: main\/m$/m,
  );
  expect(waitingIn([])).toMatch(/waiting +backoff, in 2 s$/m);
});
