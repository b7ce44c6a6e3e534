import type { Job } from '@understudy/client';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from './output.ts';
import { renderJob } from './render-job.ts';

const CREATED_AT = '2026-11-22T09:00:00.000Z';

type Waiting = NonNullable<Job['waiting']>;

/** How a job that waits so is shown, ten seconds after it was submitted. */
function waitingIn(
  rooms: Waiting['rooms'],
  reason: Waiting['reason'] = 'backoff',
  until = '2026-11-22T09:00:12.000Z',
): string {
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
    waiting: { reason, until, rooms },
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
    now: () => Date.parse(CREATED_AT) + 10_000,
  });
  return renderJob(job, output.style());
}

test('a wait is shown with its rooms, and one that has none without', () => {
  expect(waitingIn([{ provider: 'main', model: 'm' }])).toMatch(
    /waiting +backoff, in 2 s: main\/m$/m,
  );
  expect(waitingIn([])).toMatch(/waiting +backoff, in 2 s$/m);
});

test('a wait for an operator says when the job expires, and not when it goes on', () => {
  const end = '2026-11-23T09:00:00.000Z';
  expect(waitingIn([{ provider: 'main', model: 'm' }], 'paused', end)).toMatch(
    /waiting +paused: main\/m \(until resumed; expires in 23 h 59 m\)$/m,
  );
});

test('a wait whose time is over was due then', () => {
  const due = '2026-11-22T09:00:06.000Z';
  expect(waitingIn([{ provider: 'main', model: 'm' }], 'cooling_down', due)).toMatch(
    /waiting +cooling_down, was due 4 s ago \(one job probes\): main\/m$/m,
  );
  expect(waitingIn([], 'backoff', due)).toMatch(/waiting +backoff, was due 4 s ago$/m);
});
