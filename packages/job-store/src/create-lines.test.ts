import { randomBytes } from 'node:crypto';
import type { JobRequest } from '@understudy/contracts';
import { createSealer, parseEncryptionKeys } from '@understudy/sealing';
import { describe, expect, test } from 'vitest';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { SHARD_COUNT, jobKeys, shardOf } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import { readOutbox } from './job-outbox.ts';
import type { OutboxEntry } from './job-outbox.ts';
import type { NewLine } from './job-store.ts';
import { isPlainLine } from './told-lines.ts';
import {
  BODY,
  FORMS,
  NOON,
  completion,
  jobRequest,
  openStore,
  queuedAt,
} from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

const DUE = NOON + 30_000;
const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
const LINES = Array.from({ length: 100 }, (_, index) => index + 1);

function newLine(line: number, given: Partial<JobRequest> = {}): NewLine {
  const request = jobRequest({
    id: `job_${line}`,
    batch: { id: 'batch_1', line, custom_id: `canary-${line}` },
    created_at: NOON + line,
    ...given,
  });
  const progress = queuedAt('a');
  const { place } = progress;
  if (!isPlainLine(request) || place.kind !== 'queue') throw new Error('expected a line');
  return { request, progress: { ...progress, place }, body: BODY, dueAt: DUE };
}

async function keptOf({ redis, prefix }: StoreScene, job: JobReference): Promise<unknown> {
  const { record, request, due, member } = jobKeys(prefix, job);
  return [
    await redis.hgetall(record),
    await redis.get(request),
    await redis.pttl(record),
    await redis.zscore(due, member),
  ];
}

async function entriesOf({ redis, prefix }: StoreScene): Promise<OutboxEntry[]> {
  return [...(await readOutbox(redis, prefix, SHARDS, 1000)).values()].flat();
}

describe.each(FORMS)('in the $form form', ({ versions }) => {
  test('lines that are created together are what each by itself would be', async () => {
    const [together, single] = [1, 2].map(() => openStore(undefined, undefined, versions));
    const lines = LINES.map((line) => newLine(line, { key: 'key_1', surface: 'openai' }));
    expect(await together!.store.createLines(lines)).toEqual(LINES.map(() => true));
    for (const { request, progress, body, dueAt } of lines) {
      await single!.store.create(request, progress, body, [], dueAt);
      expect(await keptOf(together!, request)).toEqual(await keptOf(single!, request));
      expect(await together!.store.read(request)).toEqual(await single!.store.read(request));
    }
  });
});

test('the outbox tells of the lines of a shard in one entry, and of each what its record says', async () => {
  const scene = openStore();
  const lines = [
    ...LINES.map((line) => newLine(line)),
    newLine(101, { endpoint: '/v1/responses', dialect: 'messages', surface: 'anthropic' }),
  ];
  await scene.store.createLines(lines);
  const entries = await entriesOf(scene);
  expect(entries).toHaveLength(lines.length);
  const ofTheFirst = new Set(
    entries
      .filter(({ id }) => id !== 'job_101')
      .map(({ id, entryId }) => `${shardOf(id)} ${entryId}`),
  );
  expect(ofTheFirst.size).toBe(new Set(LINES.map((line) => shardOf(`job_${line}`))).size);
  for (const { request } of lines) {
    const entry = entries.find(({ id }) => id === request.id);
    expect(entry).toMatchObject({ project: 'acme', version: 1, status: 'queued' });
    const [record] = await scene.store.readOutlines([request]);
    expect(record).toMatchObject(entry?.outline ?? {});
    expect(entry?.outline?.request.batch).toEqual({ id: 'batch_1', line: request.batch.line });
  }
});

test('a line whose job is there stays as it is, and nobody is told of it again', async () => {
  const scene = openStore();
  await scene.store.createLines([newLine(1), newLine(3)]);
  const before = await keptOf(scene, newLine(1).request);
  const again = [newLine(1, { model: 'other' }), newLine(2), newLine(3)];
  expect(await scene.store.createLines(again)).toEqual([false, true, false]);
  expect(await keptOf(scene, newLine(1).request)).toEqual(before);
  expect((await entriesOf(scene)).map(({ id }) => id).toSorted()).toEqual([
    'job_1',
    'job_2',
    'job_3',
  ]);
  expect(await scene.store.createLines([])).toEqual([]);
});

test('a line that was answered is told of as its record says, and one that failed is left to that', async () => {
  const scene = openStore();
  const [answered, failed] = [newLine(1).request, newLine(2).request];
  await scene.store.createLines([newLine(1), newLine(2)]);
  const end = {
    v: 1,
    result: { provider: 'b', model: 'm-1' },
    usage: { input_tokens: 3, output_tokens: 4 },
    cost: {
      status: 'known' as const,
      amount: 0.5,
      currency: 'USD' as const,
      prices_as_of: '2026-11-01',
    },
  };
  const progress = { ...queuedAt('a'), route: 'other' };
  await scene.store.transition(answered, completion({ progress, end }));
  const { result: _none, ...change } = completion({ status: 'failed', progress });
  await scene.store.transition(failed, change);
  const entries = await entriesOf(scene);
  const told = entries.find(({ status }) => status === 'completed')?.outline;
  expect(told).toMatchObject({ progress: { route: 'other' }, end, completedAt: expect.anything() });
  expect(await scene.store.readOutlines([answered])).toMatchObject([told]);
  expect(entries.find(({ status }) => status === 'failed')?.outline).toBeUndefined();
});

test('what lines are told of holds nothing that their caller wrote, nor does anything else', async () => {
  const key = `k1:${randomBytes(32).toString('base64')}`;
  const body = Buffer.from('{"model":"m","messages":["canary-of-the-prompt"]}');
  const scene = openStore(createSealer(parseEncryptionKeys(key)));
  await scene.store.createLines([{ ...newLine(1), body }]);
  expect((await scene.store.readRequestBody(newLine(1).request))?.equals(body)).toBe(true);
  const entry = await scene.redis.xrange(
    jobKeys(scene.prefix, newLine(1).request).outbox,
    '-',
    '+',
  );
  expect(JSON.stringify(entry)).not.toContain('canary');
  expect(await redisContents(scene.redis, scene.prefix)).not.toContain('canary-of-the-prompt');
});

test.each([
  '{"of":"a later form"}',
  '{"b":"batch_1","m":"m","t":2,"x":{"r":{"p":["a"]}},"l":[["job_1",1,1]]}',
])('of what only a newer release can tell of lines the outbox is read no further', async (told) => {
  const scene = openStore();
  await scene.store.createLines([newLine(1)]);
  const { outbox } = jobKeys(scene.prefix, newLine(1).request);
  const newer = ['p', 'acme', 'j', 'job_1', 'v', '1', 's', 'completed', 'l', told];
  await scene.redis.xadd(outbox, '*', ...newer);
  await scene.redis.xadd(outbox, '*', 'p', 'acme', 'j', 'job_9', 'v', '2', 's', 'queued');
  expect((await entriesOf(scene)).map(({ id }) => id)).toEqual(['job_1']);
});
