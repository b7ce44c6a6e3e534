import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Attempt, JobRequest } from '@understudy/contracts';
import { createLogger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { endJob } from './end-job.ts';
import { loggedStore } from './logged-store.ts';
import { moveJob } from './move-job.ts';
import type { OpenDispatch } from './open-dispatch.ts';
import { submitJob } from './submit-job.ts';
import { openDispatchScene, requestAt, sealedDispatch } from './testing/dispatch-scene.ts';
import type { DispatchScene } from './testing/dispatch-scene.ts';
import { wakeJob } from './wake-job.ts';

type Line = Record<string, unknown>;

const FAILED: Attempt = {
  number: 1,
  round: 1,
  target: 'a',
  provider: 'a',
  model_requested: 'm',
  outcome: 'failed',
  status_code: 500,
  verdict: 'next_for_good',
  rule: 'default.status_5xx',
  error: { message: 'canary of a provider', body: 'canary of a body' },
  started_at: 0,
};

/** A scene whose store logs into `lines`, without what every line has. */
function logged(scene: DispatchScene, usual = 30): { dispatch: OpenDispatch; lines: Line[] } {
  const lines: Line[] = [];
  const write = (text: string): void => {
    const { level, time, service, ...line } = JSON.parse(text) as Line;
    expect([level, typeof time, service]).toEqual([usual, 'string', 'test']);
    lines.push(line);
  };
  const store = loggedStore(scene.dispatch.store, createLogger('test', 'info', { write }));
  return { dispatch: { ...scene.dispatch, store }, lines };
}

async function submit(dispatch: OpenDispatch): Promise<JobRequest> {
  const request = requestAt(dispatch.clock.now(), { id: 'job_1' });
  await submitJob(dispatch, request, Buffer.from('{"model":"m","prompt":"canary"}'));
  return request;
}

const NAMES = {
  job: 'job_1',
  project: 'acme',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
};

test('each step that a job takes is one line, and a repeated or refused one is none', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, lines } = logged(scene);
  const request = await submit(dispatch);
  await submit(dispatch);
  await dispatch.store.begin(request, 1, dispatch.clock.now(), dispatch.clock.now());
  await dispatch.store.begin(request, 7, 0, 0);
  const { record, attempts } = await scene.read(request);
  const moving = {
    request,
    progress: { ...record.progress, closed: { a: FAILED.rule ?? '' } },
    turn: 1,
    attemptsStored: attempts.length,
    attemptsMade: [FAILED],
  };
  await moveJob(dispatch, moving, { token: 1 });
  await moveJob(dispatch, moving, { token: 1 });
  await endJob(dispatch, request, 'cancelled');
  await endJob(dispatch, request, 'expired');
  expect(lines).toEqual([
    { ...NAMES, provider: 'a', model: 'm-at-a', msg: 'job accepted' },
    { ...NAMES, provider: 'a', model: 'm-at-a', msg: 'job started' },
    {
      ...NAMES,
      attempt: 1,
      from: 'a',
      rule: 'default.status_5xx',
      status: 500,
      provider: 'b',
      model: 'm-at-b',
      msg: 'job handed over',
    },
    { ...NAMES, code: 'cancelled', msg: 'job cancelled' },
  ]);
});

test('a start after one that never ended says so', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, lines } = logged(scene);
  const request = await submit(dispatch);
  const begin = () => dispatch.store.begin(request, 1, dispatch.clock.now(), dispatch.clock.now());
  await begin();
  await begin();
  const started = { ...NAMES, provider: 'a', model: 'm-at-a', msg: 'job started' };
  expect(lines.slice(1)).toEqual([started, { ...started, interrupted: true }]);
});

test('a job that waits says why and until when, and then where it stands again', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, lines } = logged(scene);
  await scene.cool('a', 5000);
  const request = await submit(dispatch);
  scene.advance(6000);
  expect(await wakeJob(dispatch, request)).toBe(true);
  expect(lines).toEqual([
    {
      ...NAMES,
      reason: 'cooling_down',
      until: expect.stringMatching(/^\d{4}-.*Z$/),
      msg: 'job accepted',
    },
    { ...NAMES, provider: 'a', model: 'm-at-a', msg: 'job queued again' },
  ]);
});

test('a failed job names the call that decided and the code, and nothing that anybody said', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, lines } = logged(scene);
  const request = await submit(dispatch);
  await dispatch.store.transition(request, {
    turn: 1,
    status: 'failed',
    nextTurn: 2,
    appended: [FAILED],
    folded: [],
    end: { v: SCHEMA_VERSION, error: { code: 'provider_rejected', message: 'canary' } },
    endedAt: dispatch.clock.now(),
    keepMs: 1000,
  });
  expect(lines.at(-1)).toEqual({
    ...NAMES,
    attempt: 1,
    provider: 'a',
    rule: 'default.status_5xx',
    status: 500,
    code: 'provider_rejected',
    msg: 'job failed',
  });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('a job whose key is missing is told of once, by the id of the key, whoever looks at it', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, lines } = logged(scene, 40);
  const job = await sealedDispatch(scene.dispatch).submit({ id: 'job_1' });
  await dispatch.store.readEach([job]);
  await dispatch.store.readHeads([job]);
  await dispatch.store.readOutlines([job]);
  await dispatch.store.begin(job, 1, dispatch.clock.now(), dispatch.clock.now());
  expect(lines).toEqual([
    {
      job: 'job_1',
      project: 'acme',
      key: 'k1',
      reason: expect.stringContaining('was encrypted under the key'),
      msg: 'a job cannot be read',
    },
  ]);
});
