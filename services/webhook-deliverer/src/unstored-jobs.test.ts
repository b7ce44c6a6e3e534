import type { JobRequest } from '@understudy/contracts';
import { expect, test, vi } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { PROJECT, openDelivererScene } from './testing/deliverer-scene.ts';
import type { DelivererScene } from './testing/deliverer-scene.ts';

const PROMPT = 'canary-of-the-prompt';
const ANSWER = 'canary-of-the-answer';
const CALLBACK = { include: 'result' as const, events: ['job.completed' as const] };

/** Ends a job whose callback is a path of the receiver. */
async function end(
  { jobs, receiver }: DelivererScene,
  path: string,
  isUnstored = true,
  answer = ANSWER,
): Promise<JobRequest> {
  const now = Date.now();
  const request: JobRequest = {
    v: 1,
    id: 'job_1',
    project: PROJECT,
    endpoint: '/v1/chat/completions',
    dialect: 'chat-completions',
    model: 'm',
    priority: 5,
    order: 1,
    traceparent: '00-1-1-00',
    callback: { url: `${receiver.url}${path}`, ...CALLBACK },
    created_at: now,
    expires_at: now + 60_000,
    ...(isUnstored ? { store: false } : {}),
  };
  const planned = { target: 'a', provider: 'a' };
  const progress = {
    v: 1,
    route: 'm',
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: [],
    closed: {},
    draws: {},
    place: { kind: 'queue' as const, since: now, planned },
    waits: [],
    skips: {},
  };
  await jobs.create(request, progress, Buffer.from(`{"prompt":"${PROMPT}"}`), [], now + 60_000);
  await jobs.transition(request, {
    status: 'completed',
    nextTurn: 2,
    appended: [],
    folded: [],
    result: Buffer.from(JSON.stringify({ text: answer })),
    end: { v: 1, result: { provider: 'a' } },
    endedAt: now,
    keepMs: 60_000,
  });
  return request;
}

const isForgotten = async ({ jobs }: DelivererScene, job: JobRequest): Promise<boolean> =>
  (await jobs.readRecords([job]))[0]?.payloadForgotten === true;

test('an answer that the callback took leaves nothing behind, in the delivery neither', async () => {
  const scene = await openDelivererScene();
  const { receiver, tell, becomes, redis, keyPrefix } = scene;
  receiver.onCall('/hook', [
    { status: 500, body: 'later' },
    { status: 200, body: 'ok' },
  ]);
  const job = await end(scene, '/hook');
  await becomes(await tell('1', '/hook', CALLBACK), 'delivered');
  await vi.waitFor(async () => expect(await isForgotten(scene, job)).toBe(true));
  expect(receiver.calls.map(({ body }) => body.includes(ANSWER))).toEqual([true, true]);
  await vi.waitFor(async () => {
    const contents = await redisContents(redis, keyPrefix);
    expect([contents.includes(PROMPT), contents.includes(ANSWER)]).toEqual([false, false]);
  });
});

interface Variant {
  path?: string;
  /** Without the answer. */
  thin?: true;
  answer?: string;
  stored?: true;
}

test.each<[string, Variant]>([
  ['that tells of the end alone', { thin: true }],
  ['whose answer was too large', { answer: ANSWER.repeat(20_000) }],
  ['of a job that may be stored', { stored: true }],
  ['that goes to somebody else than the callback', { path: '/other' }],
])('a delivery %s forgets nothing', async (_, variant) => {
  const scene = await openDelivererScene();
  const { tell, becomes, deliverer, jobs } = scene;
  const job = await end(scene, '/hook', variant.stored !== true, variant.answer);
  const { include, ...thin } = CALLBACK;
  const told = variant.thin === true ? thin : { ...thin, include };
  await becomes(await tell('1', variant.path ?? '/hook', told), 'delivered');
  // It ends what it is about before it stops.
  await deliverer.close();
  expect(await isForgotten(scene, job)).toBe(false);
  expect(await jobs.readResult(job)).toBeDefined();
});
