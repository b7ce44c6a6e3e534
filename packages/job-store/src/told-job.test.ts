import { randomBytes } from 'node:crypto';
import type { JobRequest } from '@understudy/contracts';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { describe, expect, test } from 'vitest';
import { jobKeys, shardOf } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { readOutbox } from './job-outbox.ts';
import type { OutboxEntry } from './job-outbox.ts';
import type { JobOutline } from './job-outline.ts';
import {
  FORMS,
  NOON,
  completion,
  handOver,
  jobRequest,
  openStore,
  queuedAt,
} from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';
import { isUnread } from './unread-record.ts';

const END = {
  v: 1,
  result: { provider: 'b', model: 'm-1', refusal: true },
  usage: { input_tokens: 3, output_tokens: 4 },
  cost: {
    status: 'known' as const,
    amount: 0.5,
    currency: 'USD' as const,
    prices_as_of: '2026-11-01',
  },
};

async function outlineOf({ store }: StoreScene, job: JobReference): Promise<JobOutline> {
  const [outline] = await store.readOutlines([job]);
  if (outline === undefined || isUnread(outline)) throw new Error('expected a job');
  return outline;
}

async function lastEntry({ redis, prefix }: StoreScene): Promise<OutboxEntry | undefined> {
  const shard = shardOf('job_1');
  return (await readOutbox(redis, prefix, [shard], 100)).get(shard)?.at(-1);
}

describe.each(FORMS)('in the $form form', ({ versions }) => {
  test.each<[string, Partial<JobRequest>]>([
    ['as most come', {}],
    [
      'with all that is seldom otherwise',
      { endpoint: '/v1/responses', dialect: 'messages', surface: 'openai' },
    ],
  ])(
    'a job %s is told of as its record says, when it comes and when it is answered',
    async (_, given) => {
      const scene = openStore(undefined, undefined, versions);
      const request = await scene.submit(given);
      const queued = await outlineOf(scene, request);
      const created = await lastEntry(scene);
      expect(queued).toMatchObject(created?.outline ?? {});
      expect(created?.outline).toMatchObject({
        request: queued.request,
        progress: { route: 'm', place: { kind: 'queue', planned: { provider: 'a' } } },
      });
      const progress = { ...queuedAt('b'), route: 'other' };
      await scene.store.transition(request, completion({ progress, end: END }));
      const answered = await outlineOf(scene, request);
      expect((await lastEntry(scene))?.outline).toMatchObject({
        request: answered.request,
        progress: { route: 'other' },
        status: 'completed',
        completedAt: answered.completedAt,
        end: END,
      });
    },
  );
});

test.each<[string, Partial<JobRequest>]>([
  ['metadata', { metadata: { customer: 'canary' } }],
  ['a callback', { callback: { url: 'https://canary.example/', events: ['job.completed'] } }],
  ['the wish to run in the background', { background: true }],
])('of a job with %s its record alone tells', async (_, given) => {
  const scene = openStore();
  const request = await scene.submit(given);
  expect((await lastEntry(scene))?.outline).toBeUndefined();
  await scene.store.transition(request, completion({ progress: queuedAt('a'), end: END }));
  expect((await lastEntry(scene))?.outline).toBeUndefined();
  const { outbox } = jobKeys(scene.prefix, request);
  expect(JSON.stringify(await scene.redis.xrange(outbox, '-', '+'))).not.toContain('canary');
});

test('of a job that waits, is handed over or fails, its record alone tells', async () => {
  const scene = openStore();
  const waiting = jobRequest();
  const place = {
    kind: 'waiting' as const,
    since: NOON,
    until: NOON,
    reason: 'backoff' as const,
    rooms: [],
  };
  await scene.store.create(waiting, { ...queuedAt('a'), place }, Buffer.from('{}'), [], NOON);
  expect((await lastEntry(scene))?.outline).toBeUndefined();
  await scene.store.transition(waiting, handOver({ turn: 1 }));
  expect((await lastEntry(scene))?.outline).toBeUndefined();
  const { result: _none, ...change } = completion({ status: 'failed', nextTurn: 3 });
  await scene.store.transition(waiting, { ...change, progress: queuedAt('b') });
  expect(await lastEntry(scene)).toMatchObject({ status: 'failed' });
  expect((await lastEntry(scene))?.outline).toBeUndefined();
});

test.each([
  ['without a member', '{"of":"a later form"}'],
  ['with an end of another kind', '{"c":1,"p":"00-1-1-01","m":"m","t":2,"x":{"r":{"p":["a"]}}}'],
  ['with an end that is none', '{"c":1,"p":"00-1-1-01","m":"m","t":2,"x":"sealed"}'],
])('what a newer release tells of a job %s is left to the record', async (_, told) => {
  const scene = openStore();
  const request = await scene.submit();
  const { outbox } = jobKeys(scene.prefix, request);
  const entry = ['p', 'acme', 'j', 'job_1', 'v', '2', 's', 'completed', 'o', told];
  await scene.redis.xadd(outbox, '*', ...entry);
  const last = await lastEntry(scene);
  expect(last).toMatchObject({ id: 'job_1', version: 2 });
  expect(last?.outline).toBeUndefined();
});

test('what is told of a job with encryption on is nothing that its caller or a provider wrote', async () => {
  const key = `k1:${randomBytes(32).toString('base64')}`;
  const scene = openStore(createSealer(parseEncryptionKeys(key)));
  const request = await scene.submit({ user: 'canary' });
  const end = { ...END, error: { code: 'canary', message: 'canary' } };
  await scene.store.transition(request, completion({ progress: queuedAt('a'), end }));
  const { outbox } = jobKeys(scene.prefix, request);
  expect(JSON.stringify(await scene.redis.xrange(outbox, '-', '+'))).not.toContain('canary');
});
